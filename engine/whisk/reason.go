package whisk

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
)

// ended is how an activation ended whose record was the answer. A status that does not go with a record of success leaves open
// which of the two is true, and that is not taken for well.
func ended(by Class, status int, record *Record) (Class, string) {
	class := record.Class()
	switch {
	case class != OK:
		return class, record.ErrorText()
	case by != OK && by != Accepted:
		return PlatformError, fmt.Sprintf("the record says success, and the HTTP status %d", status)
	}
	return OK, ""
}

// reason is why an answer is an error: the platform's own words where it has some, and its status otherwise.
func reason(status int, body []byte) string {
	text := http.StatusText(status)
	switch {
	case text == "":
		text = "HTTP status " + strconv.Itoa(status)
	case status >= 300 && status < 400 && status != http.StatusNotModified:
		text += ": the API host redirects, which is not followed; name the address that it redirects to"
	}
	return errorText(body, text)
}

// looks says what an answer is that is not what it should be.
func looks(body []byte) string {
	const most = 40
	switch {
	case len(body) == 0:
		return "it is empty"
	case bytes.HasPrefix(body, []byte("\x1f\x8b")):
		return "it is compressed with gzip, which was not asked for"
	case len(body) > most:
		return fmt.Sprintf("it begins with %q", body[:most])
	}
	return fmt.Sprintf("it is %q", body)
}
