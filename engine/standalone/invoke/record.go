package invoke

import (
	"bytes"
	"encoding/json"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

// Record is the record of one activation. It is never changed once it is kept.
type Record struct {
	ActivationID string
	Namespace    string
	Path         string // [pkg/]name, what lists are filtered by
	Name         string
	Version      string
	Cause        string
	Start, End   int64 // epoch ms
	Duration     int64 // ms
	Status       pool.Status
	Result       json.RawMessage
	Logs         []string
	Annotations  json.RawMessage

	memory   int64 // MB, for the enclosing sequence
	sequence bool
	unheard  bool // of a part that was waited for in vain; it is not kept
	trigger  bool // began, and has no end and no duration
}

// record starts the record of an activation.
func (c *Controller) record(a activation, start, end time.Time) *Record {
	name := a.action.Name
	r := &Record{
		ActivationID: a.id,
		Namespace:    a.tenant.Name,
		Name:         name.Name,
		Path:         name.Name,
		Version:      string(a.action.Version),
		Cause:        a.cause,
		Start:        start.UnixMilli(),
		End:          end.UnixMilli(),
		memory:       a.action.Limits.Memory,
	}
	if name.Package != "" {
		r.Path = name.Package + "/" + name.Name
	}
	return r
}

// keep stores a record, to be read after the delay.
func (c *Controller) keep(r *Record) {
	c.history.add(r, c.cfg.Now().Add(c.cfg.RecordDelay))
	if c.archive != nil {
		c.archive.add(r)
	}
	c.cfg.Log.Debug("activation over", "id", r.ActivationID, "action", r.Path, "status", int(r.Status))
}

// words are the statuses as clients read them.
var words = [...]string{
	pool.Success:          "success",
	pool.ApplicationError: "application error",
	pool.DeveloperError:   "action developer error",
	pool.WhiskError:       "whisk internal error",
}

// Response is how an activation ended, as clients see it.
type Response struct {
	Result  json.RawMessage `json:"result"`
	Size    int             `json:"size"`
	Status  string          `json:"status"`
	Success bool            `json:"success"`
}

// Response is how the activation ended, as clients see it.
func (r *Record) Response() Response {
	return Response{r.Result, len(r.Result), words[r.Status], r.Status == pool.Success}
}

// Document is the whole record.
func (r *Record) Document() any { return r.document(r.Logs) }

// Answer is the record as a blocking call gets it: before the logs of an action are there. Those of a sequence, the ids
// of its components, are known at once.
func (r *Record) Answer() any {
	if r.sequence {
		return r.document(r.Logs)
	}
	return r.document(nil)
}

func (r *Record) document(logs []string) any {
	if logs == nil {
		logs = []string{}
	}
	return struct {
		Namespace    string          `json:"namespace"`
		Name         string          `json:"name"`
		Version      string          `json:"version"`
		Subject      string          `json:"subject"`
		ActivationID string          `json:"activationId"`
		Start        int64           `json:"start"`
		End          int64           `json:"end,omitempty"`
		Duration     *int64          `json:"duration,omitempty"`
		Cause        string          `json:"cause,omitempty"`
		Response     Response        `json:"response"`
		Logs         []string        `json:"logs"`
		Annotations  json.RawMessage `json:"annotations"`
		Publish      bool            `json:"publish"`
	}{
		r.Namespace, r.Name, r.Version, r.Namespace, r.ActivationID, r.Start, r.End, r.lasted(r.Duration), r.Cause,
		r.Response(), logs, r.Annotations, false,
	}
}

// Row is the record in a list. Its duration is end − start, which for a sequence is not that of the record.
func (r *Record) Row() any {
	return struct {
		Namespace    string          `json:"namespace"`
		Name         string          `json:"name"`
		Version      string          `json:"version"`
		Publish      bool            `json:"publish"`
		Annotations  json.RawMessage `json:"annotations"`
		ActivationID string          `json:"activationId"`
		Start        int64           `json:"start"`
		End          int64           `json:"end,omitempty"`
		Duration     *int64          `json:"duration,omitempty"`
		Cause        string          `json:"cause,omitempty"`
		StatusCode   pool.Status     `json:"statusCode"`
	}{
		r.Namespace, r.Name, r.Version, false, r.Annotations, r.ActivationID, r.Start, r.End,
		r.lasted(r.End - r.Start),
		r.Cause, r.Status,
	}
}

// lasted is a duration of the record, or nil when it has none.
func (r *Record) lasted(ms int64) *int64 {
	if r.trigger {
		return nil
	}
	return &ms
}

// ArrayResult reports whether the result is an array, which a blocking call gets bare.
func (r *Record) ArrayResult() bool { return bytes.HasPrefix(r.Result, []byte{'['}) }

// size is about what the record takes in memory.
func (r *Record) size() (n int) {
	n = 512 + len(r.Result) + len(r.Annotations)
	for _, l := range r.Logs {
		n += 16 + len(l)
	}
	return n
}
