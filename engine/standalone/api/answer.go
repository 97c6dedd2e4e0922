package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"wsk-scenario/engine/standalone/entity"
)

// encode is v as JSON, with < and > as they are. What the API shows always encodes.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

// answer sends v as JSON.
func (x *exchange) answer(status int, v any) { x.send(status, encode(v)) }

// send sends a body that is JSON already. A client that is gone cannot be told, so the error of the write is dropped.
func (x *exchange) send(status int, body []byte) {
	header := x.w.Header()
	header["Content-Type"] = jsonContent
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body)
}

// stream sends rows as a JSON array, one after the other: together, activation records may take more memory than there is.
func stream[T any](x *exchange, rows []T, show func(T) any) {
	x.w.Header()["Content-Type"] = jsonContent
	_, err := x.w.Write([]byte{'['})
	for i := 0; err == nil && i < len(rows); i++ { // an error says that the client is gone
		row := encode(show(rows[i]))
		if i > 0 {
			row = append([]byte{','}, row...)
		}
		_, err = x.w.Write(row)
	}
	_, _ = x.w.Write([]byte{']'})
}

// fail sends an error in OpenWhisk's shape.
func (x *exchange) fail(status int, text string) {
	x.answer(status, struct {
		Error string `json:"error"`
		Code  string `json:"code"`
	}{text, x.id})
}

func (x *exchange) notFound() {
	x.fail(http.StatusNotFound, "The requested resource could not be found.")
}

// statuses of the reasons that the other rooms give.
var statuses = map[entity.Reason]int{
	entity.Malformed: http.StatusBadRequest,
	entity.Missing:   http.StatusNotFound,
	entity.Conflict:  http.StatusConflict,
	entity.TooLarge:  http.StatusRequestEntityTooLarge,
	entity.Forbidden: http.StatusForbidden,
	entity.Throttled: http.StatusTooManyRequests,
}

// refuse sends the error of another room. One without a reason can only be that the server is being closed.
func (x *exchange) refuse(err error) {
	var fault *entity.Fault
	if errors.As(err, &fault) && fault.Reason == entity.Unavailable { // without a body, as in OpenWhisk
		x.w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if fault != nil {
		x.fail(statuses[fault.Reason], fault.Text)
		return
	}
	x.fail(http.StatusServiceUnavailable, err.Error())
}
