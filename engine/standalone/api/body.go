package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/jsonin"
)

// malformedContent is how the error of a body begins.
const malformedContent = "The request content was malformed:\n"

// objectExpected is what is said of JSON that is no object where one should be.
const objectExpected = "Object expected"

// drainMost is how much is taken in of a body that is refused, in bytes.
const drainMost = 8 << 20

// maxDocument is how large the body of a PUT may be: an action comes with its code, parameters and annotations.
func (h *Handler) maxDocument() int64 {
	b := h.cfg.Rules.Bounds
	return int64(b.Code) + 2*int64(b.Parameters) + int64(b.Payload)
}

// body reads a request's body of JSON up to limit. It has answered the request when it returns false.
func (x *exchange) body(limit int64) ([]byte, bool) {
	raw, ok := x.take(limit)
	if raw = bytes.TrimSpace(raw); !ok || len(raw) == 0 {
		return nil, ok
	}
	if !isJSON(x.r.Header.Get("Content-Type")) {
		x.fail(http.StatusUnsupportedMediaType, "The request's Content-Type is not supported. Expected:\napplication/json")
		return nil, false
	}
	return x.clean(raw)
}

// clean is JSON as the other rooms may have it. It has answered the request when it returns false.
func (x *exchange) clean(raw []byte) ([]byte, bool) {
	raw, err := jsonin.Clean(raw)
	if err != nil {
		x.malformed(err)
	}
	return raw, err == nil
}

// take reads a request's body up to limit, whatever it is. It has answered the request when it returns false.
func (x *exchange) take(limit int64) ([]byte, bool) {
	if x.r.ContentLength > limit {
		x.tooLarge(x.r.ContentLength, limit)
		return nil, false
	}
	if x.r.ContentLength == 0 {
		return nil, true
	}
	raw, err := read(x.r, limit)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		x.fail(http.StatusRequestTimeout, "The request was not sent within the time that a request may take.")
		return nil, false
	}
	if err != nil {
		x.malformed(err)
		return nil, false
	}
	if int64(len(raw)) > limit {
		x.tooLarge(int64(len(raw)), limit)
		return nil, false
	}
	return raw, true
}

// believed is how much room is made for a body because of its length, before it has come.
const believed = 1 << 20

// read reads at most one byte more than limit. The length, where the client tells it, saves growing the buffer; who says
// much and sends little must not cost as much.
func read(r *http.Request, limit int64) ([]byte, error) {
	room := min(max(r.ContentLength, 0), believed) + bytes.MinRead
	buf := bytes.NewBuffer(make([]byte, 0, room))
	_, err := buf.ReadFrom(io.LimitReader(r.Body, limit+1))
	return buf.Bytes(), err
}

// tooLarge answers, after it has taken in what may be left of a moderate body: a client that is still sending would
// see a broken connection and not the answer.
func (x *exchange) tooLarge(size, limit int64) {
	_, _ = io.CopyN(io.Discard, x.r.Body, drainMost)
	x.refuse(entity.Faultf(entity.TooLarge, "Request larger than allowed: %d > %d bytes.", size, limit))
}

// isJSON accepts no content type at all too: a body is JSON or nothing.
func isJSON(contentType string) bool {
	if contentType == "" || contentType == "application/json" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

// object reads a body that is a JSON object or empty, on one line.
func (x *exchange) object() (json.RawMessage, bool) {
	raw, ok := x.body(x.payload)
	if !ok || len(raw) == 0 {
		return nil, ok
	}
	if !json.Valid(raw) {
		var v any
		x.malformed(json.Unmarshal(raw, &v))
		return nil, false
	}
	if raw[0] != '{' {
		x.fail(http.StatusBadRequest, malformedContent+objectExpected)
		return nil, false
	}
	if bytes.ContainsAny(raw, "\r\n") { // then they stand between tokens; runtimes read lines
		var b bytes.Buffer
		_ = json.Compact(&b, raw)
		raw = b.Bytes()
	}
	return raw, true
}

// document reads a body into a document's PUT.
func (x *exchange) document(limit int64, into any) bool {
	raw, ok := x.body(limit)
	if !ok {
		return false
	}
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	if err := json.Unmarshal(raw, into); err != nil {
		x.malformed(err)
		return false
	}
	return true
}

func (x *exchange) malformed(err error) {
	text := strings.TrimPrefix(err.Error(), "json: ")
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field == "" {
		text = objectExpected
	} else if wrong != nil { // without the names of our types
		text = "'" + wrong.Field + "' must not be " + article(wrong.Value)
	}
	x.fail(http.StatusBadRequest, malformedContent+text)
}

func article(kind string) string {
	if strings.HasPrefix(kind, "array") || strings.HasPrefix(kind, "object") {
		return "an " + kind
	}
	return "a " + kind
}
