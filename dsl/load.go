package dsl

import (
	"time"

	"wsk-scenario/dsl/syntax"
)

// Load is when to send. users is a closed model: each user calls again when its last call is over. rate and trace are open
// ones: calls are due by a schedule, however long the answers take.
type Load struct {
	Users             Users                     `yaml:"users" doc:"Users that call at the same time, each back to back: a number, steps in [ ], or a ramp {from, to, over}; 1 when not said." example:"8"`
	Iterations        syntax.Val[int]           `yaml:"iterations" doc:"Calls in all, shared by the users." example:"100"`
	IterationsPerUser syntax.Val[int]           `yaml:"iterations_per_user" doc:"Calls of each user." example:"100"`
	For               syntax.Val[time.Duration] `yaml:"for" doc:"How long the load lasts." example:"30s"`
	Each              syntax.Val[time.Duration] `yaml:"each" doc:"How long each step of users or rate lasts; every step is a result of its own." example:"20s"`
	Pace              syntax.Val[time.Duration] `yaml:"pace" doc:"From one call of a user being due to the next; a call that is late is sent at once, and its response counts from when it was due. Back to back when not said." example:"200ms"`
	Burst             syntax.Val[int]           `yaml:"burst" doc:"Calls that a user sends at once in each iteration; 1 when not said." example:"4"`
	Rate              Rates                     `yaml:"rate" doc:"Calls that are due in a time: a rate, steps in [ ], or a ramp {from, to, over}." example:"100/s"`
	Arrivals          Arrivals                  `yaml:"arrivals" doc:"How the calls of a rate are spread; constant when not said." example:"poisson"`
	MaxInFlight       syntax.Val[int]           `yaml:"max_in_flight" doc:"The most calls of an open load under way at a time; a call that is due beyond it is counted as dropped." example:"1000"`
	Trace             syntax.Val[string]        `yaml:"trace" doc:"A CSV file of invocations per minute, in the schema of the Azure Functions trace, relative to the scenario's file." example:"traces/day.csv"`
	Scale             syntax.Val[float64]       `yaml:"scale" doc:"What the numbers of a trace are multiplied by; 1 when not said." example:"0.1"`
	Population        syntax.Val[bool]          `yaml:"population" doc:"Whether the applications of population send what is sent, instead of what a phase invokes; for says how long." example:"true"`
	Find              syntax.Val[string]        `yaml:"find" enum:"knee" doc:"Search for the highest rate between from and to that keeps the slo." example:"knee"`
	From              syntax.Val[syntax.Rate]   `yaml:"from" doc:"The rate at which a search begins." example:"10/s"`
	To                syntax.Val[syntax.Rate]   `yaml:"to" doc:"The highest rate of a search." example:"2000/s"`
	SLO               syntax.Val[string]        `yaml:"slo" doc:"What must hold at a rate, with the metrics of this phase." example:"response.p95 < 500ms"`
	Workers           syntax.Val[int]           `yaml:"workers" doc:"How many processes send the load together, each its part of the users and calls: of this machine, or on nodes of a role; the program itself when not said." example:"4"`
	On                syntax.Val[string]        `yaml:"on" doc:"The role of the Kubernetes nodes that workers run on, as a Job; without a cluster they are processes of this machine." example:"cloud"`
}

// Users is how many users call: a number, steps, or a ramp.
type Users struct {
	Steps []syntax.Val[int]         `yaml:"steps,shorthand,single" doc:"How many; several numbers are steps, each with a result of its own." example:"[1, 2, 4, 8]"`
	From  syntax.Val[int]           `yaml:"from" doc:"How many at the beginning of a ramp." example:"1"`
	To    syntax.Val[int]           `yaml:"to" doc:"How many at the end of a ramp." example:"64"`
	Over  syntax.Val[time.Duration] `yaml:"over" doc:"How long the ramp takes." example:"2m"`
}

// Rates is how many calls are due in a time: a rate, steps, or a ramp.
type Rates struct {
	Steps []syntax.Val[syntax.Rate] `yaml:"steps,shorthand,single" doc:"How many in which time; several rates are steps, each with a result of its own." example:"[10/s, 20/s, 40/s]"`
	From  syntax.Val[syntax.Rate]   `yaml:"from" doc:"The rate at the beginning of a ramp." example:"10/s"`
	To    syntax.Val[syntax.Rate]   `yaml:"to" doc:"The rate at the end of a ramp." example:"200/s"`
	Over  syntax.Val[time.Duration] `yaml:"over" doc:"How long the ramp takes." example:"2m"`
}

// Arrivals is how the calls of a rate are spread over time.
type Arrivals struct {
	Process syntax.Val[string]        `yaml:"process,shorthand" enum:"constant|uniform|poisson|burst" doc:"constant: evenly; uniform: anywhere in its slot; poisson: as independent callers; burst: several at once." example:"poisson"`
	Size    syntax.Val[int]           `yaml:"size" doc:"Calls in a burst." example:"10"`
	Every   syntax.Val[time.Duration] `yaml:"every" doc:"From one burst to the next; rate and size say it too, and must not say something else." example:"1s"`
}
