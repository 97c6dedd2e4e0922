package pool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"wsk-scenario/engine/standalone/jsonin"
	"wsk-scenario/engine/standalone/runtime"
)

// shownOfAnswer is how much of a wrong answer goes into the message about it.
const shownOfAnswer = 1024

// judge says what an answer means, in OpenWhisk's words; most is the longest result, in bytes.
func judge(a runtime.Answer, most int) (Status, json.RawMessage) {
	line := bytes.TrimSpace(a.Line)
	if a.Size > most {
		return ApplicationError, errorResult(fmt.Sprintf("The action produced a response that exceeded the allowed length: "+
			"%d > %d bytes. The truncated response was: %s", a.Size, most, shown(line)))
	}
	result, err := jsonin.Clean(line)
	switch {
	case err != nil || len(line) == 0 || line[0] != '{' && line[0] != '[' || !json.Valid(line):
		return DeveloperError, errorResult("The action did not produce a valid JSON or JSON Array response: " + shown(line))
	case hasError(result):
		return ApplicationError, result
	}
	return Success, result
}

// hasError reports whether the valid JSON in line is an object with the field "error", whatever its value.
func hasError(line []byte) bool {
	// Most answers have no such word anywhere; only those that have, or could spell it with escapes, are parsed.
	if line[0] != '{' || !bytes.Contains(line, []byte(`"error"`)) && !bytes.Contains(line, []byte(`\u`)) {
		return false
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil {
		return false
	}
	_, has := fields["error"]
	return has
}

func shown(line []byte) string {
	if len(line) > shownOfAnswer {
		line = line[:shownOfAnswer]
	}
	return string(bytes.ToValidUTF8(line, []byte("\uFFFD")))
}

// errorResult is the result of an activation that failed.
func errorResult(text string) json.RawMessage {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)                         // > stays what it is, as in OpenWhisk
	_ = to.Encode(map[string]string{"error": text}) // strings always encode
	return bytes.TrimSpace(b.Bytes())
}

// fail notes why there is no answer.
func (t *turn) fail(ctx context.Context, err error) {
	var fault *runtime.Failure
	var failed *loadError
	if errors.As(err, &failed) {
		t.out.Status, t.out.Result = failed.status, failed.result
		return
	}
	text := err.Error()
	switch {
	case ctx.Err() != nil:
		t.out.Status, text = WhiskError, "The platform stopped before the action ended: "+context.Cause(ctx).Error()
	case errors.Is(err, context.DeadlineExceeded):
		t.out.Status, t.out.TimedOut = DeveloperError, true
		text = fmt.Sprintf("The action exceeded its time limits of %d milliseconds", t.request.Action.Timeout.Milliseconds())
		if t.out.RunStart.IsZero() {
			text += " during initialization"
		}
		text += "."
	case errors.As(err, &fault):
		t.out.Status, text = DeveloperError, fault.Text
	default:
		t.out.Status = WhiskError
		t.pool.cfg.Log.Error("run an activation", "activation", t.request.ActivationID, "error", err)
	}
	t.out.Result = errorResult(text)
}
