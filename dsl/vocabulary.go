package dsl

// Word is a name that expressions may use for something the engine measures.
type Word struct {
	Name string
	Unit Unit
	Doc  string
}

// Unit is the type of a measured value in an expression.
type Unit string

// The units. A Duration in an expression is compared with a written duration such as 80ms, never with a bare number.
const (
	Duration Unit = "duration"
	Count    Unit = "count"
	Number   Unit = "number"
)

// Limits are those of the target's namespace, read when the run begins, as limits.<name>.
var Limits = []Word{
	{"invocations_per_minute", Count, "invocations that the target takes in a minute"},
	{"concurrent", Count, "invocations that the target takes at a time"},
}

// Metrics are what is measured of every sample, as <phase>.<metric>.<statistic>. The formulas are in engine/measure.
var Metrics = []Word{
	{"response", Duration, "from the moment a call was due to its answer; free of coordinated omission"},
	{"latency", Duration, "from the moment a call was sent to its answer"},
	{"send_lag", Duration, "from the moment a call was due to the moment it was sent: the generator's own delay"},
	{"wait", Duration, "waitTime of the activation record: from the controller's receipt to the start of init or run"},
	{"init", Duration, "initTime of the activation record; only samples that were initialised have one"},
	{"run", Duration, "the record's duration without init"},
	{"duration", Duration, "the record's duration, which includes init"},
	{"span", Duration, "from start to end of the record; of a sequence, with the time between its components"},
	{"hop", Duration, "of a sequence, the time from the end of one component to the start of the next; statistics are of each hop, a line of the samples shows their mean"},
	{"overhead", Duration, "latency without the record's duration: what the platform and the network added"},
	{"stretch", Number, "latency divided by the record's duration"},
	{"ta", Duration, "from the start of what fired an activation, such as a trigger, to its own start (owperf's TA)"},
	{"oea", Duration, "from the call being sent to the start of the action; it crosses the clocks (owperf's OEA)"},
	{"oer", Duration, "from the call being sent to the end of the action, without d, its net time that the phase extracts; it crosses the clocks (owperf's OER)"},
	{"ora", Duration, "from the end of the action to the answer; it crosses the clocks (owperf's ORA)"},
	{"ortt", Duration, "latency without d, the net time of the action that the phase extracts (owperf's ORTT)"},
	{"requested", Duration, "of a cold start on Kubernetes, from the call being sent until its pod is there; this and the stages below are moments of our own clock, at which the watch of pods tells of them"},
	{"scheduled", Duration, "from then until the pod has a node"},
	{"pulled", Duration, "from then until the node has the image, and all that it makes ready before"},
	{"pull", Duration, "of that, the pull of the image; only samples whose node had to pull it have one"},
	{"created", Duration, "from the image being there until the container is created"},
	{"started", Duration, "from then until the container is started"},
	{"ready", Duration, "from then until Kubernetes calls the pod ready"},
	{"creation", Duration, "from the pod being there until it is ready: the stages between, also where not each of them was seen"},
}

// Statistics are what is computed of every metric.
var Statistics = []Word{
	{"count", Count, "how many samples have the metric"},
	{"min", "", "the smallest value"},
	{"max", "", "the largest value"},
	{"mean", "", "the arithmetic mean"},
	{"stddev", "", "the sample standard deviation"},
	{"p50", "", "the median, nearest rank"},
	{"p75", "", "75th percentile, nearest rank"},
	{"p90", "", "90th percentile, nearest rank"},
	{"p95", "", "95th percentile, nearest rank"},
	{"p99", "", "99th percentile, nearest rank"},
	{"p999", "", "99.9th percentile, nearest rank"},
}

// Counters are what is counted in every phase, as <phase>.<counter>.
var Counters = []Word{
	{"issued", Count, "calls sent"},
	{"offered", Count, "calls that were due: those sent and those dropped"},
	{"dropped", Count, "calls that were due and not sent: because max_in_flight others were under way, or because those before them took longer than the pace until its end"},
	{"ok", Count, "calls that ended well"},
	{"application_error", Count, "the action answered with an error"},
	{"developer_error", Count, "the action crashed, timed out or answered no JSON"},
	{"platform_error", Count, "OpenWhisk failed"},
	{"throttled", Count, "refused by a rate or concurrency limit (429)"},
	{"throttled_rate", Count, "those of the throttled calls that were too many a minute, as OpenWhisk says"},
	{"throttled_concurrency", Count, "those of the throttled calls that were too many at a time, as OpenWhisk says"},
	{"accepted", Count, "still running after the wait of a blocking call (202)"},
	{"no_rule", Count, "a trigger without an active rule was fired (204)"},
	{"rejected", Count, "refused for another reason (4xx)"},
	{"no_capacity", Count, "no invoker could take the call (503)"},
	{"timeout", Count, "the client stopped waiting"},
	{"network", Count, "the connection failed"},
	{"unexpected", Count, "ended well, but the phase's expect is false"},
	{"lost", Count, "the activation's record was not found before the deadline"},
	{"errors", Count, "calls that ended otherwise than ok or accepted"},
	{"error_rate", Number, "errors divided by issued"},
	{"fired", Count, "activations that the calls have started: by rules, or named by results"},
	{"fired_errors", Count, "such activations that ended otherwise than ok"},
	{"cold", Count, "samples proved cold"},
	{"prewarmed", Count, "samples proved to have started in a prewarmed container"},
	{"warm", Count, "samples proved warm"},
	{"cold_share", Number, "cold divided by the samples whose start is known"},
	{"throughput", Number, "calls completed per second"},
	{"knee", Number, "the highest rate a second at which the slo of a search holds"},
	{"in_flight_max", Count, "the most calls under way at a time"},
}
