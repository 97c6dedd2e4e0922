package runtime

// Failure is a fault of the action, told in OpenWhisk's words. Every other error is the platform's.
type Failure struct{ Text string }

func (f *Failure) Error() string { return f.Text }

// The ends of a process that nobody asked for.
var (
	errDiedInInit  = &Failure{"The action did not initialize and exited unexpectedly."}
	errDiedInRun   = &Failure{"The action did not produce a valid response and exited unexpectedly."}
	errOutOfMemory = &Failure{"The action exhausted its memory and was aborted."}
)

// ErrGone is a Failure, too. It says that the process ended before it took the request: another process may run it.
var ErrGone = &Failure{errDiedInRun.Text}

// initFailure is what OpenWhisk says of code that cannot be made to run.
func initFailure(reason string) *Failure {
	return &Failure{"The action failed during initialization: " + reason}
}
