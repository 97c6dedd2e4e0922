// Package plan turns a scenario into a Plan: every cell of the matrix with its actions, inputs, phases and counts, all
// decided, all in order. A Plan is pure data, printed by people and run by engine/run; making one opens no connection.
package plan

import (
	"encoding/json"
	"strings"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
)

// Plan is all that a run will do. It is made by Build and never changed.
type Plan struct {
	Scenario string `json:"scenario"`
	About    string `json:"about,omitempty"`
	File     string `json:"file"` // the scenario's file, as given
	Seed     uint64 `json:"seed"` // of everything random in the run
	// Fingerprint is a hash of all that decides what is sent: two plans of one fingerprint measure the same thing.
	Fingerprint string      `json:"fingerprint"`
	Tags        []string    `json:"tags,omitempty"`
	Require     Require     `json:"require,omitzero"`
	Vars        []Value     `json:"vars,omitempty"`
	Axes        []Axis      `json:"axes,omitempty"`
	Services    []Service   `json:"services,omitempty"`
	Cells       []Cell      `json:"cells"`
	Assertions  []Assertion `json:"assertions,omitempty"`
	Tables      []Table     `json:"tables,omitempty"`
	Figures     []Figure    `json:"figures,omitempty"`
	Overrides   []string    `json:"overrides,omitempty"` // the --set flags, so that the plan can be made again
	Cluster     *Cluster    `json:"cluster,omitempty"`   // what the profile says; nil without one
	// Nodes are those of the embedded OpenWhisk; none when nothing is placed and no profile describes any.
	Nodes []Node `json:"nodes,omitempty"`
}

// Value is a named value, in the order written.
type Value struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Text is the value for people.
func (v Value) Text() string { return Text(v.Value) }

// Text is a value of a variable or an axis for people. It says the same of a plan that was saved and read again, in which
// every number is a float.
func Text(value any) string { return dsl.AxisText(value) }

// Axis is one axis of the matrix with its values.
type Axis struct {
	Name   string `json:"name"`
	Values []any  `json:"values"`
}

// Cell is one point of the matrix: it creates its own entities and runs all phases.
type Cell struct {
	ID        string     `json:"id"` // lang=java,node=edge; all when there is no matrix
	Values    []Value    `json:"values,omitempty"`
	Repeat    int        `json:"repeat,omitempty"` // which pass of a repeated run, from 1; 0 when there is one only
	Actions   []Action   `json:"actions"`
	Sequences []Sequence `json:"sequences,omitempty"`
	Packages  []Package  `json:"packages,omitempty"`
	Triggers  []Trigger  `json:"triggers,omitempty"`
	Phases    []Phase    `json:"phases"`
	// Deployment is the release that the cell needs; nil when OpenWhisk is used as it is.
	Deployment *Deployment `json:"deployment,omitempty"`
}

// Action is one function to create.
type Action struct {
	Name        string          `json:"name"`
	Code        string          `json:"code"`            // path of the source, relative to the working directory or absolute
	Kind        string          `json:"kind"`            // blackbox for one that is made of an image
	Image       *Image          `json:"image,omitempty"` // what it is made of instead of a kind
	Main        string          `json:"main,omitempty"`
	MemoryMB    int             `json:"memory_mb"`  // 0: the platform's default
	Timeout     time.Duration   `json:"timeout_ns"` // 0: the platform's default
	LogsMB      *int            `json:"logs_mb,omitempty"`
	Concurrency int             `json:"concurrency,omitempty"`
	Instances   int             `json:"instances,omitempty"` // containers at a time; as many as fit when 0
	Params      json.RawMessage `json:"params,omitempty"`    // JSON objects
	Env         json.RawMessage `json:"env,omitempty"`
	Annotations json.RawMessage `json:"annotations,omitempty"`
	// Build makes the code in its folder; what is packed is its output. nil: the code is there.
	Build *Recipe `json:"build,omitempty"`
	Pad   int64   `json:"pad,omitempty"` // bytes of filler in the package
	// Copies is how often the action is created, as NAME-0 and so on; 0 is once, under its own name.
	Copies int        `json:"copies,omitempty"`
	Role   string     `json:"role,omitempty"` // the placement that was asked for
	RoleAt diag.Range `json:"role_at,omitzero"`
	Range  diag.Range `json:"range"`
}

// Names are the names under which the action is created: its own, or those of its copies.
func (a Action) Names() []string {
	if a.Copies == 0 {
		return []string{a.Name}
	}
	names := make([]string, a.Copies)
	for i := range names {
		names[i] = dsl.CopyName(a.Name, i)
	}
	return names
}

// Recipe is a command that makes code. Paths are relative to the folder of the code.
type Recipe struct {
	Run    string        `json:"run"`
	Output string        `json:"output"`
	Inputs []string      `json:"inputs,omitempty"` // all of the folder when there are none
	Within time.Duration `json:"within_ns"`
}

// Image is a container image: one for every architecture, or one for each.
type Image struct {
	Name  string `json:"name,omitempty"`
	AMD64 string `json:"amd64,omitempty"`
	ARM64 string `json:"arm64,omitempty"`
}

// For is the image for an architecture, as Go names it; empty when there is none.
func (i Image) For(arch string) string {
	switch {
	case i.Name != "":
		return i.Name
	case arch == "amd64":
		return i.AMD64
	case arch == "arm64":
		return i.ARM64
	}
	return ""
}

func (i Image) String() string {
	if i.Name != "" {
		return i.Name
	}
	return strings.Trim(i.AMD64+" or "+i.ARM64, " or")
}

// Sequence is a chain of actions to create, first to last.
type Sequence struct {
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

// Start is the kind of start that a phase measures.
type Start string

// The starts a phase may ask for.
const (
	AnyStart  Start = "any"
	ColdStart Start = "cold"
	WarmStart Start = "warm"
)

// Blocking is what a call waits for.
type Blocking string

// What a call may wait for.
const (
	ForRecord  Blocking = "record"
	ForResult  Blocking = "result"
	ForNothing Blocking = "none"
)

// Phase is one step: what is invoked, with what, when and how often.
type Phase struct {
	Name     string        `json:"name"`
	Invoke   string        `json:"invoke"`
	Sequence bool          `json:"sequence,omitempty"` // Invoke names a sequence
	Payload  Payload       `json:"payload"`
	Blocking Blocking      `json:"blocking"`
	Start    Start         `json:"start"`
	ByCopies bool          `json:"by_copies,omitempty"` // a cold start is that of a copy which was never called
	ByPods   bool          `json:"by_pods,omitempty"`   // a cold start is forced by deleting the pods of the action
	Expect   diag.Text     `json:"expect,omitzero"`     // what must hold of every response; empty for nothing
	StartAt  diag.Text     `json:"start_at"`            // where the scenario says so
	Warmup   Warmup        `json:"warmup"`
	Load     Load          `json:"load"`
	Timeout  time.Duration `json:"timeout_ns"`
	// Mix is what is invoked instead of Invoke: every call chooses one, by weight.
	Mix []Share `json:"mix,omitempty"`
	// Wait is how long nothing is sent; a phase that waits does nothing else.
	Wait time.Duration `json:"wait_ns,omitempty"`
	// Group is that of phases which run side by side, one after the other in the list; 0 is alone.
	Group int `json:"group,omitempty"`
	// Fire is the trigger that is fired instead of an invocation.
	Fire string `json:"fire,omitempty"`
	// Await is what completes a call beyond its answer: empty, activation, rules or chain.
	Await    string        `json:"await,omitempty"`
	Deadline time.Duration `json:"deadline_ns,omitempty"` // of Await
	// Extract are the metrics taken out of the result.
	Extract []Extraction `json:"extract,omitempty"`
	// Exec is a command that is run instead of an invocation.
	Exec *Exec `json:"exec,omitempty"`
	// Request is an HTTP request that is sent instead of an invocation.
	Request *Request `json:"request,omitempty"`
	// Unmeasured keeps the phase out of the tables: its calls are counted and their records read, and that is all.
	Unmeasured bool `json:"unmeasured,omitempty"`
}

// Invoked are those of them that are invoked.
func (ph *Phase) Invoked() []string {
	if ph.Request != nil {
		return nil
	}
	return ph.Targets()
}

// Exec is a command of this machine.
type Exec struct {
	Command []string `json:"command"` // one text alone is given to the shell
	Dir     string   `json:"dir"`
	Env     []string `json:"env,omitempty"` // NAME=VALUE
}

// Request is an HTTP request to a web action, or to a path of the API host.
type Request struct {
	Action    string   `json:"action,omitempty"`
	Extension string   `json:"extension,omitempty"` // of a web action: json, html …
	Path      string   `json:"path,omitempty"`
	Method    string   `json:"method"`
	Headers   []string `json:"headers,omitempty"` // NAME: VALUE
}

// Share is an action or sequence of a mix, with its weight among the others.
type Share struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
}

// Targets are the actions and sequences that the phase invokes.
func (ph *Phase) Targets() []string {
	switch {
	case ph.Request != nil && ph.Request.Action != "":
		return []string{ph.Request.Action}
	case ph.Request != nil || ph.Exec != nil || ph.Wait > 0 || ph.Fire != "":
		return nil
	}
	if len(ph.Mix) == 0 {
		return []string{ph.Invoke}
	}
	names := make([]string, len(ph.Mix))
	for i, share := range ph.Mix {
		names[i] = share.Name
	}
	return names
}

// Warmup is what each user does before the load: calls, or calls for a time.
type Warmup struct {
	Iterations int           `json:"iterations,omitempty"`
	For        time.Duration `json:"for_ns,omitempty"`
}

// Payload is how to make the JSON body of a call: one of JSON, File and Size; none of them is an empty object.
type Payload struct {
	Name   string          `json:"name,omitempty"` // as in payloads; empty when written in the phase
	JSON   json.RawMessage `json:"json,omitempty"`
	Parts  []Part          `json:"parts,omitempty"` // of JSON, when some of it is made anew for every call
	File   string          `json:"file,omitempty"`
	Encode string          `json:"encode,omitempty"` // base64 or text
	And    json.RawMessage `json:"and,omitempty"`
	Key    string          `json:"key,omitempty"`
	Size   int64           `json:"size,omitempty"` // bytes of the whole body
	Fill   string          `json:"fill,omitempty"` // zeros, random or text
}

// Part is a stretch of a body: JSON text, or a value that is made for every call.
type Part struct {
	Text   string      `json:"text,omitempty"`
	Make   *expr.Maker `json:"make,omitempty"`
	Inside bool        `json:"inside,omitempty"` // the value stands inside of a JSON string
}

// Assertion is one expectation, judged once for each cell; across an axis, once for each combination of the other axes.
type Assertion struct {
	Expect      diag.Text     `json:"expect"`
	Name        string        `json:"name,omitempty"`
	Warn        bool          `json:"warn,omitempty"`          // a failure is told but fails nothing
	AllowNoData bool          `json:"allow_no_data,omitempty"` // nothing to judge fails nothing
	Abort       bool          `json:"abort,omitempty"`         // it is judged while its phase runs, too, and stops it
	After       time.Duration `json:"after_ns,omitempty"`      // how far into the phase for the first time
	Across      string        `json:"across,omitempty"`        // the axis whose values are names in Expect
	When        string        `json:"when,omitempty"`          // the condition as written
	Skip        []int         `json:"skip,omitempty"`          // the cells in which When is false: it is not judged there
}

// Table is an extra table of the report.
type Table struct {
	Title   string      `json:"title"`
	Rows    []string    `json:"rows"` // axes
	Columns []diag.Text `json:"columns"`
}
