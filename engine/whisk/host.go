package whisk

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
)

// ParseHost reads an API host: scheme, host and perhaps a port, as in http://127.0.0.1:3233.
func ParseHost(text string) (*url.URL, error) {
	host, err := url.Parse(text)
	switch {
	case err != nil || host.Host == "" || (host.Scheme != "http" && host.Scheme != "https"):
		return nil, fmt.Errorf("the API host must be a URL such as http://127.0.0.1:3233, not %q", text)
	case !port(host.Port()):
		return nil, fmt.Errorf("the API host %s has port %s; the highest is 65535", host.Redacted(), host.Port())
	}
	return host, nil
}

func port(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && number > 0
}

// unreached is an error of net/http without the method and the address that stand before it: the host says it all.
func (c *Client) unreached(err error) error {
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return fmt.Errorf("no answer from %s: %w", c.Host(), err)
}
