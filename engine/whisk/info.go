package whisk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Limits are the invocation limits of the caller's namespace, from GET …/limits.
type Limits struct {
	PerMinute  int `json:"invocationsPerMinute"`
	Concurrent int `json:"concurrentInvocations"`
	// MaxConcurrency is how many activations at a time one container may be asked to run; 0 where the target does not tell.
	MaxConcurrency int `json:"maxActionConcurrency"`
}

// Info is what GET / says of the server.
type Info struct {
	Description string
	Runtimes    map[string][]Runtime // by family
	// Limits are those of all namespaces, by OpenWhisk's own names, such as sequence_length; memory and logs are in bytes,
	// durations in ms. Older servers write them as text.
	Limits  map[string]json.Number
	Missing map[string]string // what to install for a family that cannot run; only the standalone says so
}

// Runtime is one kind that the server offers.
type Runtime struct {
	Kind    string
	Image   string
	Default bool
}

// ErrNotFound says that a record is not, or not yet, to be had.
var ErrNotFound = errors.New("not found")

// Limits reads the limits of the caller's namespace.
func (c *Client) Limits(ctx context.Context) (Limits, error) {
	var limits Limits
	return limits, c.get(ctx, c.base.JoinPath("namespaces", "_", "limits"), &limits)
}

// Info reads what the server says of itself.
func (c *Client) Info(ctx context.Context) (Info, error) {
	var info Info
	return info, c.get(ctx, c.base.JoinPath("..", ".."), &info)
}

// Activation reads one record; ErrNotFound while it is not there. A list may be stale where a read by id is not.
func (c *Client) Activation(ctx context.Context, id string) (*Record, error) {
	record := new(Record)
	if err := c.get(ctx, c.base.JoinPath("namespaces", "_", "activations", id), record); err != nil {
		return nil, err
	}
	switch {
	case record.ActivationID != id:
		return nil, fmt.Errorf("read activation %s: the answer is the record of another, %q", id, record.ActivationID)
	case record.Status == "":
		return nil, fmt.Errorf("read activation %s: the answer does not say how it ended", id)
	}
	return record, nil
}

// maxRead bounds what is read of an answer: a record has a result of a megabyte and ten of logs, where nobody has raised the
// limits.
const maxRead = 256 << 20

func (c *Client) get(ctx context.Context, from *url.URL, into any) error {
	_, err := c.sized(ctx, from, into)
	return err
}

// sized reads an answer, and tells its size in bytes.
func (c *Client) sized(ctx context.Context, from *url.URL, into any) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, entityTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from.String(), nil)
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", from.Path, err)
	}
	req.SetBasicAuth(c.user, c.pass)
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, c.unreached(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRead+1))
	switch {
	case len(body) > maxRead:
		return 0, fmt.Errorf("read %s: the answer is larger than %d bytes", from.Path, maxRead)
	case err != nil:
		return 0, fmt.Errorf("read %s: %w", from.Path, err)
	case resp.StatusCode == http.StatusNotFound:
		return 0, fmt.Errorf("read %s: %w", from.Path, ErrNotFound)
	case resp.StatusCode != http.StatusOK:
		return 0, &Error{Op: "read " + from.Path, Status: resp.StatusCode, Text: errorText(body, "no reason given")}
	}
	if err := json.Unmarshal(body, into); err != nil {
		return 0, fmt.Errorf("read %s: the answer is not what OpenWhisk sends: %w", from.Path, err)
	}
	return len(body), nil
}

// Limit is one of the limits of all namespaces; false where the server does not tell it.
func (i Info) Limit(name string) (int64, bool) {
	n, err := i.Limits[name].Int64()
	return n, err == nil
}

// Build is which OpenWhisk answers, as GET /api/v1 says: the time and the number of its build.
type Build struct {
	Build  string `json:"build"`
	Number string `json:"buildno"`
}

// Build reads which OpenWhisk this is.
func (c *Client) Build(ctx context.Context) (Build, error) {
	var b Build
	return b, c.get(ctx, c.base, &b)
}

// Offers reports whether the server runs actions of kind; family:default is the family's default kind.
func (i Info) Offers(kind string) bool {
	_, has := i.Runtime(kind)
	return has || slices.Contains(i.Kinds(), kind)
}

// Runtime is how the server runs a kind of its family; false where it does not.
func (i Info) Runtime(kind string) (Runtime, bool) {
	family, version, _ := strings.Cut(kind, ":")
	for _, r := range i.Runtimes[family] {
		if r.Kind == kind || (version == "default" && r.Default) {
			return r, true
		}
	}
	return Runtime{}, false
}

// Kinds are the kinds that the server offers, in order.
func (i Info) Kinds() (kinds []string) {
	for _, family := range i.Runtimes {
		for _, r := range family {
			kinds = append(kinds, r.Kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}
