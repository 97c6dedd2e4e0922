package whisk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Package is a package as it is put. Binding is the package that it is bound to, as /NAMESPACE/PACKAGE; empty for none.
type Package struct {
	Name        string
	Binding     string
	Parameters  []Parameter
	Annotations []Parameter
}

// PutPackage creates the package, or updates it when it exists.
func (c *Client) PutPackage(ctx context.Context, p Package) error {
	type binding struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	}
	body := struct {
		Binding     *binding    `json:"binding,omitempty"`
		Parameters  []Parameter `json:"parameters,omitempty"`
		Annotations []Parameter `json:"annotations,omitempty"`
	}{Parameters: p.Parameters, Annotations: p.Annotations}
	if p.Binding != "" {
		namespace, name, _ := strings.Cut(strings.TrimPrefix(p.Binding, "/"), "/")
		body.Binding = &binding{namespace, name}
	}
	return c.entity(ctx, "create package "+p.Name, http.MethodPut, "packages/"+escaped(p.Name)+"?overwrite=true", body, &struct{}{})
}

// DeletePackage removes a package, which must be empty. One that is not there is not an error.
func (c *Client) DeletePackage(ctx context.Context, name string) error {
	return c.remove(ctx, "package", name)
}

// PutTrigger creates the trigger, or updates it when it exists.
func (c *Client) PutTrigger(ctx context.Context, name string, parameters, annotations []Parameter) error {
	body := struct {
		Parameters  []Parameter `json:"parameters,omitempty"`
		Annotations []Parameter `json:"annotations,omitempty"`
	}{parameters, annotations}
	return c.entity(ctx, "create trigger "+name, http.MethodPut, "triggers/"+escaped(name)+"?overwrite=true", body, &struct{}{})
}

// DeleteTrigger removes a trigger. One that is not there is not an error.
func (c *Client) DeleteTrigger(ctx context.Context, name string) error {
	return c.remove(ctx, "trigger", name)
}

// PutRule creates an active rule: the trigger starts the action. Both are of the caller's namespace.
func (c *Client) PutRule(ctx context.Context, name, trigger, action string, annotations []Parameter) error {
	body := struct {
		Trigger     string      `json:"trigger"`
		Action      string      `json:"action"`
		Annotations []Parameter `json:"annotations,omitempty"`
	}{"/_/" + trigger, "/_/" + action, annotations}
	return c.entity(ctx, "create rule "+name, http.MethodPut, "rules/"+escaped(name)+"?overwrite=true", body, &struct{}{})
}

// DeleteRule removes a rule. One that is not there is not an error.
func (c *Client) DeleteRule(ctx context.Context, name string) error {
	return c.remove(ctx, "rule", name)
}

// PrepareFire makes the fire of a trigger of the caller's namespace with body, a JSON object. Its answer is Accepted, or
// NoRule where no active rule listens.
func (c *Client) PrepareFire(trigger string, body []byte) *Call {
	return c.prepare(c.base.JoinPath("namespaces", "_", "triggers", trigger), ForNothing, body)
}

// Fired is the record of a trigger's activation.
type Fired struct {
	Start int64 // epoch ms
	Rules []Rule
}

// Rule is what came of one rule.
type Rule struct {
	Success    bool   `json:"success"`
	Activation string `json:"activationId"` // of the action
	Error      string `json:"error"`        // why it was not started
	Action     string `json:"action"`
}

// Fired reads the record of a trigger's activation, whose log has a line of JSON for each rule; ErrNotFound while it is not
// there.
func (c *Client) Fired(ctx context.Context, id string) (*Fired, error) {
	var record struct {
		Start int64    `json:"start"`
		Logs  []string `json:"logs"`
	}
	if err := c.get(ctx, c.base.JoinPath("namespaces", "_", "activations", id), &record); err != nil {
		return nil, err
	}
	fired := &Fired{Start: record.Start}
	for _, line := range record.Logs {
		var rule Rule
		if err := json.Unmarshal([]byte(line), &rule); err != nil {
			return nil, fmt.Errorf("read what trigger activation %s fired: %w", id, err)
		}
		fired.Rules = append(fired.Rules, rule)
	}
	return fired, nil
}

// Started are the activations that a result names, as activationId or in the list activationIds.
func Started(result json.RawMessage) []string {
	var named struct {
		ID  string   `json:"activationId"`
		IDs []string `json:"activationIds"`
	}
	if json.Unmarshal(result, &named) != nil {
		return nil
	}
	if named.ID != "" {
		return append([]string{named.ID}, named.IDs...)
	}
	return named.IDs
}

// prepare makes a call of a path.
func (c *Client) prepare(to *url.URL, wait Wait, body []byte) *Call {
	req := &http.Request{Header: http.Header{}}
	req.SetBasicAuth(c.user, c.pass)
	call := &Call{url: to.String(), body: body, auth: req.Header.Get("Authorization"), full: wait == ForRecord, only: wait == ForResult}
	call.head = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: wsk-scenario\r\nAuthorization: %s\r\nContent-Type: application/json\r\nX-Request-Id",
		"/"+strings.TrimPrefix(to.RequestURI(), "/"), to.Host, call.auth)
	return call
}
