package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// Texts of answers that an action did not make as its extension wants them.
const (
	noProperty  = "Response does not include requested property."
	wrongType   = "Response type in header did not match generated content type."
	unknownType = "Response did not specify a known content-type."
)

// extension is how the result of a web action becomes an answer.
type extension struct {
	suffix string
	answer func(x *exchange, result json.RawMessage)
}

// extensions are all there are; a name that ends in none of them is answered as .http.
var extensions = []extension{
	{".http", (*exchange).asHTTP},
	{".json", (*exchange).asJSON},
	{".html", func(x *exchange, result json.RawMessage) { x.asMarkup(result, "html", "text/html", "; charset=UTF-8") }},
	{".svg", func(x *exchange, result json.RawMessage) { x.asMarkup(result, "svg", "image/svg+xml", "") }},
	{".text", (*exchange).asText},
}

func splitExtension(name string) (string, extension) {
	for _, e := range extensions {
		if base, ok := strings.CutSuffix(name, e.suffix); ok {
			return base, e
		}
	}
	return name, extensions[0]
}

// invalidMedia says that the result cannot be shown as the media type.
func (x *exchange) invalidMedia(media string) {
	x.fail(http.StatusBadRequest, "Response is not valid '"+media+"'.")
}

// property is the body of a result, or what an extension takes in its place. A result that is no object is itself.
func property(result json.RawMessage, other string) (json.RawMessage, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(result, &fields) != nil || fields == nil {
		return result, true
	}
	if body, ok := fields["body"]; ok {
		return body, true
	}
	value, ok := fields[other]
	return value, ok
}

func (x *exchange) asJSON(result json.RawMessage) {
	if result[0] != '{' && result[0] != '[' {
		x.invalidMedia("application/json")
		return
	}
	x.send(http.StatusOK, result)
}

func (x *exchange) asMarkup(result json.RawMessage, other, media, charset string) {
	value, _ := property(result, other)
	text, ok := textOf(value)
	if !ok {
		x.invalidMedia(media)
		return
	}
	x.sendAs(http.StatusOK, media+charset, []byte(text))
}

func (x *exchange) asText(result json.RawMessage) {
	value, ok := property(result, "text")
	if !ok {
		x.fail(http.StatusNotFound, noProperty)
		return
	}
	body := pretty(value)
	if text, is := textOf(value); is {
		body = []byte(text)
	}
	x.sendAs(http.StatusOK, "text/plain; charset=UTF-8", body)
}

func pretty(value json.RawMessage) []byte {
	var b bytes.Buffer
	_ = json.Indent(&b, value, "", "  ") // it was decoded from valid JSON
	return b.Bytes()
}

// textOf is the string that a value is, if it is one.
func textOf(value json.RawMessage) (s string, ok bool) {
	return s, len(value) > 0 && value[0] == '"' && json.Unmarshal(value, &s) == nil
}

// asHTTP reads the result as an answer of its own: statusCode, headers and body.
func (x *exchange) asHTTP(result json.RawMessage) {
	var fields struct {
		StatusCode json.RawMessage            `json:"statusCode"`
		Headers    map[string]json.RawMessage `json:"headers"`
		Body       json.RawMessage            `json:"body"`
	}
	if result[0] != '{' || json.Unmarshal(result, &fields) != nil {
		x.invalidMedia("message/http")
		return
	}
	status, err := statusOf(fields.StatusCode)
	headers, ok := headersOf(fields.Headers)
	if err != nil || !ok {
		x.invalidMedia("message/http")
		return
	}
	text, isText := textOf(fields.Body)
	if len(fields.Body) == 0 || string(fields.Body) == "null" || isText && text == "" {
		if status == 0 {
			status = http.StatusNoContent
		}
		x.addHeaders(headers)
		x.w.WriteHeader(status)
		return
	}
	if status == 0 {
		status = http.StatusOK
	}
	x.sendBody(status, headers, fields.Body)
}

// sendBody sends a body as its content type says: text as it is, bytes out of base64, and JSON only as JSON.
func (x *exchange) sendBody(status int, headers http.Header, body json.RawMessage) {
	text, isText := textOf(body)
	kind := headers.Get("Content-Type")
	if kind == "" && isText {
		kind = "text/html"
	} else if kind == "" {
		kind = "application/json"
	}
	media, params, err := mime.ParseMediaType(kind)
	raw := []byte(text)
	switch {
	case (err != nil || !strings.Contains(media, "/")) && isText:
		x.fail(http.StatusBadRequest, unknownType)
		return
	case err != nil || !isText && !jsonFamily(media):
		x.fail(http.StatusBadRequest, wrongType)
		return
	case !isText:
		raw = body
		if media != "application/json" {
			raw, kind = pretty(body), media+"; charset=UTF-8"
		}
	case !textual(media) || jsonFamily(media) && canDecode(text):
		if raw, err = base64.StdEncoding.DecodeString(text); err != nil {
			x.fail(http.StatusBadRequest, wrongType)
			return
		}
	case params["charset"] == "" && media != "application/json":
		kind += "; charset=UTF-8"
	}
	x.addHeaders(headers)
	x.sendAs(status, kind, raw)
}

// canDecode keeps old actions alive that send JSON in base64.
func canDecode(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil
}

// statusOf reads a status code, a number or a string; 0 when there is none. Those below 200 would not end an answer.
func statusOf(raw json.RawMessage) (int, error) {
	if len(raw) == 0 {
		return 0, nil
	}
	text, ok := textOf(raw)
	if !ok {
		text = strings.TrimSuffix(string(raw), ".0")
	}
	status, err := strconv.Atoi(text)
	if err == nil && (status < 200 || http.StatusText(status) == "") {
		err = errors.New("no status code")
	}
	return status, err
}

// headersOf reads headers: strings, numbers, truth values, and lists of them for several of a name.
func headersOf(fields map[string]json.RawMessage) (http.Header, bool) {
	headers := http.Header{}
	for key, value := range fields {
		if !addHeader(headers, key, value) {
			return nil, false
		}
	}
	return headers, true
}

func addHeader(headers http.Header, key string, value json.RawMessage) bool {
	var list []json.RawMessage
	if text, ok := textOf(value); ok {
		headers.Add(key, text)
	} else if value[0] == '[' && json.Unmarshal(value, &list) == nil {
		for _, inner := range list {
			if !addHeader(headers, key, inner) {
				return false
			}
		}
	} else if value[0] == '{' || string(value) == "null" {
		return false
	} else {
		headers.Add(key, string(value))
	}
	return true
}

// ownHeaders are for the server alone to set.
var ownHeaders = map[string]bool{"Content-Type": true, "Content-Length": true, "Transfer-Encoding": true, "Connection": true}

func (x *exchange) addHeaders(headers http.Header) {
	for key, values := range headers {
		if !ownHeaders[key] {
			x.w.Header()[key] = append(x.w.Header()[key], values...)
		}
	}
}

// sendAs sends a body of a content type. A client that is gone cannot be told, so the error of the write is dropped.
func (x *exchange) sendAs(status int, contentType string, body []byte) {
	header := x.w.Header()
	header["Content-Type"] = []string{contentType}
	if status != http.StatusNoContent && status != http.StatusNotModified {
		header["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body)
}
