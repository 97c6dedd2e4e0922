package dsl

import (
	"time"

	"wsk-scenario/dsl/syntax"
)

// EmbeddedLimits are the limits of the embedded OpenWhisk. Those of actions have the names of its Helm chart.
type EmbeddedLimits struct {
	PerMinute      syntax.Val[int]          `yaml:"invocations_per_minute" doc:"Invocations that a namespace may make in a minute; 1000000 when not said, and 60 in wsk-scenario standalone." example:"60"`
	Concurrent     syntax.Val[int]          `yaml:"concurrent" doc:"Invocations of a namespace at a time; 1000 when not said, and 30 in wsk-scenario standalone." example:"30"`
	FiresPerMinute syntax.Val[int]          `yaml:"fires_per_minute" doc:"Fires of triggers that a namespace may make in a minute; 1000000 when not said, and 60 in wsk-scenario standalone." example:"60"`
	SequenceLength syntax.Val[int]          `yaml:"sequence_length" doc:"Actions of a sequence, nested ones counted; 50 when not said." example:"50"`
	Payload        syntax.Val[syntax.Bytes] `yaml:"payload" doc:"Arguments of an invocation; 1MiB when not said." example:"1MiB"`
	Result         syntax.Val[syntax.Bytes] `yaml:"result" doc:"Result of an activation; a longer one is an application error that tells its beginning. 1MiB when not said." example:"1MiB"`
	Parameters     syntax.Val[syntax.Bytes] `yaml:"parameters" doc:"Parameters, and annotations, of an action, a package or a trigger; 1MiB when not said." example:"1MiB"`
	Code           syntax.Val[syntax.Bytes] `yaml:"code" doc:"Code of an action as it is sent, an archive in base64; 48MiB when not said." example:"48MiB"`
	Time           TimeRange                `yaml:"time" doc:"Time limits that actions may have; 100ms, 60s and 5m when not said." example:"{max: 10m}"`
	Memory         SizeRange                `yaml:"memory" doc:"Memory that actions may have; 128MB, 256MB and 512MB when not said." example:"{max: 2048MB}"`
	Logs           SizeRange                `yaml:"logs" doc:"Log sizes that actions may have; 0MB, 10MB and 10MB when not said." example:"{std: 1MB}"`
	Concurrency    CountRange               `yaml:"concurrency" doc:"Activations at a time that one container may be asked to run; 1, 1 and 1 when not said." example:"{max: 200}"`
}

// TimeRange is a range of time limits.
type TimeRange struct {
	Min syntax.Val[time.Duration] `yaml:"min" doc:"The smallest." example:"100ms"`
	Std syntax.Val[time.Duration] `yaml:"std" doc:"What an action has that does not say." example:"60s"`
	Max syntax.Val[time.Duration] `yaml:"max" doc:"The largest." example:"5m"`
}

// SizeRange is a range of sizes in whole MB.
type SizeRange struct {
	Min syntax.Val[syntax.Bytes] `yaml:"min" doc:"The smallest." example:"128MB"`
	Std syntax.Val[syntax.Bytes] `yaml:"std" doc:"What an action has that does not say." example:"256MB"`
	Max syntax.Val[syntax.Bytes] `yaml:"max" doc:"The largest." example:"512MB"`
}

// CountRange is a range of counts.
type CountRange struct {
	Min syntax.Val[int] `yaml:"min" doc:"The smallest." example:"1"`
	Std syntax.Val[int] `yaml:"std" doc:"What an action has that does not say." example:"1"`
	Max syntax.Val[int] `yaml:"max" doc:"The largest." example:"500"`
}
