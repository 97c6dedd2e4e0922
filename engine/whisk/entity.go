package whisk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	ow "github.com/apache/openwhisk-client-go/whisk"
)

// Action is an action as it is put. Fields that are not set keep the platform's default, or the old value in an update.
type Action struct {
	Name        string      `json:"-"`
	Exec        *ow.Exec    `json:"exec,omitempty"`
	Limits      *Limitation `json:"limits,omitempty"`
	Parameters  []Parameter `json:"parameters,omitempty"`
	Annotations []Parameter `json:"annotations,omitempty"`
}

// Limitation is what an action is limited to. The client library's own type lacks Instances.
type Limitation struct {
	ow.Limits
	Instances *int `json:"instances,omitempty"` // containers at a time
}

// Parameter is a bound parameter or an annotation. The client library's own type lacks Init.
type Parameter struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
	Init  bool            `json:"init,omitempty"` // given to the action's environment at init
}

// Error is a refusal by the server.
type Error struct {
	Op     string // such as "create action hello"
	Status int    // HTTP status; 0 when no answer came
	Text   string
}

func (e *Error) Error() string {
	if e.Status == 0 {
		return e.Op + ": " + e.Text
	}
	return fmt.Sprintf("%s: %d %s: %s", e.Op, e.Status, http.StatusText(e.Status), e.Text)
}

// PutAction creates the action, or updates it when it exists, and returns its new version.
func (c *Client) PutAction(ctx context.Context, a Action) (version string, err error) {
	var stored struct {
		Version string
		Limits  Limitation
	}
	err = c.entity(ctx, "create action "+a.Name, http.MethodPut, "actions/"+escaped(a.Name)+"?overwrite=true", a, &stored)
	if err == nil && a.Limits != nil && a.Limits.Instances != nil && stored.Limits.Instances == nil {
		err = fmt.Errorf("create action %s: the target does not hold an action to a number of containers (instances), as OpenWhisk does with the scheduler of 2.0: set instances to 0, or bound the memory of its invokers", a.Name)
	}
	return stored.Version, err
}

// PutSequence creates the sequence of the named actions of the caller's namespace.
func (c *Client) PutSequence(ctx context.Context, name string, components []string, annotations []Parameter) error {
	qualified := make([]string, len(components))
	for i, component := range components {
		qualified[i] = "/_/" + component
	}
	a := Action{Name: name, Exec: &ow.Exec{Kind: "sequence", Components: qualified}, Annotations: annotations}
	return c.entity(ctx, "create sequence "+name, http.MethodPut, "actions/"+escaped(name)+"?overwrite=true", a, &struct{}{})
}

// escaped is the name of an entity in a path; that of an action may have its package before it.
func escaped(name string) string {
	pkg, action, packaged := strings.Cut(name, "/")
	if !packaged {
		return url.PathEscape(name)
	}
	return url.PathEscape(pkg) + "/" + url.PathEscape(action)
}

// DeleteAction removes an action or a sequence. One that is not there is not an error.
func (c *Client) DeleteAction(ctx context.Context, name string) error {
	return c.remove(ctx, "action", name)
}

// remove removes an entity: an action, a package, a trigger or a rule. One that is not there is not an error.
func (c *Client) remove(ctx context.Context, what, name string) error {
	err := c.entity(ctx, "delete "+what+" "+name, http.MethodDelete, what+"s/"+escaped(name), nil, &struct{}{})
	if refused := new(Error); errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return nil
	}
	return err
}

// entity makes one call through the client library. Each call has a library client of its own: the library writes to its
// configuration while it works, and with Insecure set it would replace our transport, so that is never set.
func (c *Client) entity(ctx context.Context, op, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, entityTimeout)
	defer cancel()
	base := *c.base
	base.Path = strings.TrimSuffix(base.Path, "/v1")
	lib, err := ow.NewClient(c.http, &ow.Config{Host: base.Host, BaseURL: &base, AuthToken: c.user + ":" + c.pass, Namespace: "_"})
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	req, err := lib.NewRequest(method, path, body, ow.IncludeNamespaceInUrl)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	resp, err := lib.Do(req.WithContext(ctx), into, ow.ExitWithErrorOnTimeout)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", op, ctx.Err())
	}
	return refusal(op, resp, err)
}

// refusal reads the server's own words from the answer; the library's error wraps them in advice for its command line.
func refusal(op string, resp *http.Response, err error) error {
	if resp == nil {
		return &Error{Op: op, Text: err.Error()}
	}
	text := err.Error()
	if resp.Body != nil {
		if raw, readErr := io.ReadAll(io.LimitReader(resp.Body, 64<<10)); readErr == nil {
			text = errorText(raw, text)
		}
	}
	return &Error{Op: op, Status: resp.StatusCode, Text: strings.Join(strings.Fields(text), " ")}
}

// errorText returns the error field of a refusal's body, or otherwise.
func errorText(body []byte, otherwise string) string {
	var refused struct{ Error string }
	if json.Unmarshal(body, &refused) == nil && refused.Error != "" {
		return refused.Error
	}
	return otherwise
}
