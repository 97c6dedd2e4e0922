package measure

// Evidence is what is known of how an activation's container came to be.
type Evidence struct {
	Record      bool   // the activation record is known
	Doubt       string // why the record is no evidence of a container; empty when it is
	Initialised bool   // the record has an initTime
	Start       string // cold, prewarmed or warm as the standalone's own annotation says; empty elsewhere
	Pod         string // cold or prewarmed, as the watch of pods shows of the one that was initialised; empty where it does not
}

// Classify tells the temperature and by what evidence. initTime says that init ran, not that a container was created:
// without proof of the latter the sample is Initialised, not Cold. A claim that contradicts the record proves nothing.
func Classify(e Evidence) (Temperature, string) {
	switch {
	case !e.Record:
		return Unknown, "no activation record"
	case e.Doubt != "":
		return Unknown, e.Doubt
	case !e.Initialised && (e.Start == "" || e.Start == string(Warm)):
		return Warm, "no initTime in the record"
	case !e.Initialised:
		return Unknown, "the server says " + e.Start + ", but the record has no initTime"
	case e.Start == string(Cold):
		return Cold, "initTime in the record, and the server started a process for it"
	case e.Start == string(Prewarmed):
		return Prewarmed, "initTime in the record, in a process started before"
	case e.Start != "":
		return Unknown, "the server says " + e.Start + ", but the record has an initTime"
	case e.Pod == string(Cold):
		return Cold, "initTime in the record, and a new pod for it came during the call"
	case e.Pod == string(Prewarmed):
		return Prewarmed, "initTime in the record, in a pod that was there before the call"
	}
	return Initialised, "initTime in the record; nothing shows whether the container was new"
}
