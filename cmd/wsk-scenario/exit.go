package main

import (
	"errors"

	"wsk-scenario/engine/result"
)

// The exit codes. They are part of what the program promises.
const (
	exitMet         = 0   // everything asked for is so
	exitUnmet       = 1   // an assertion failed or had no data
	exitWrong       = 2   // the scenario, the profile or the command line is wrong
	exitCannot      = 3   // could not run: no target, or books that do not balance
	exitRegressed   = 4   // compare: the new runs are worse than the base ones
	exitInterrupted = 130 // ended by the user
)

// exit is an error with its own exit code. Without a cause everything has been said already.
type exit struct {
	code  int
	cause error
}

func (e *exit) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e *exit) Unwrap() error { return e.cause }

// wrong marks an error as the user's: exit code 2.
func wrong(err error) error { return &exit{exitWrong, err} }

// codeOf is the exit code for what a command returned, and whether the user has been told.
func codeOf(err error) (code int, silent bool) {
	if err == nil {
		return exitMet, true
	}
	if e := new(exit); errors.As(err, &e) {
		return e.code, e.cause == nil
	}
	return exitCannot, false
}

// ended is the error for how a run ended; nil when all is met.
func ended(r *result.Result) error {
	switch {
	case r.Status == result.Interrupted:
		return &exit{code: exitInterrupted}
	case r.Status == result.Broken:
		return &exit{code: exitCannot}
	case r.Failed():
		return &exit{code: exitUnmet}
	}
	return nil
}
