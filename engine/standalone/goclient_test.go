package standalone_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	ow "github.com/apache/openwhisk-client-go/whisk"

	"wsk-scenario/engine/standalone"
)

// TestGoClient drives the server with the library that wsk and wskdeploy are made with, which knows nothing of us.
func TestGoClient(t *testing.T) {
	s := start(t, standalone.Config{})
	client, err := ow.NewClient(http.DefaultClient, &ow.Config{Host: s.URL(), AuthToken: standalone.GuestAuth, Namespace: "_", Version: "v1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		name string
		play func(*testing.T, *ow.Client)
	}{
		{"the server", goInfo}, {"actions", goActions}, {"packages and bindings", goPackages}, {"triggers and rules", goTriggers},
		{"activations", goActivations},
	} {
		t.Run(part.name, func(t *testing.T) { part.play(t, client) })
	}
}

const goCode = "#!/bin/sh\nwhile read -r line; do echo said; echo '{\"n\":1}' >&3; done\n"

func goAction(name string) *ow.Action {
	code := goCode
	return &ow.Action{Name: name, Exec: &ow.Exec{Kind: "native:default", Code: &code}}
}

// status is the HTTP status behind an error of the client.
func status(err error) int {
	var failed *ow.WskError
	if errors.As(err, &failed) {
		return failed.ExitCode + 256
	}
	return 0
}

func goInfo(t *testing.T, c *ow.Client) {
	info, _, err := c.Info.Get()
	if err != nil || info.Build != "standalone" {
		t.Errorf("got %+v, %v", info, err)
	}
	namespaces, _, err := c.Namespaces.List()
	if err != nil || len(namespaces) != 1 || namespaces[0].Name != "guest" {
		t.Errorf("got %+v, %v", namespaces, err)
	}
	c.Namespace = "_" // it forgets its own
}

func goActions(t *testing.T, c *ow.Client) {
	made, _, err := c.Actions.Insert(goAction("hello"), false)
	if err != nil || made.Version != "0.0.1" || !strings.HasPrefix(made.Exec.Kind, "native:") {
		t.Fatalf("got %+v, %v", made, err)
	}
	if _, _, err = c.Actions.Insert(goAction("hello"), false); status(err) != http.StatusConflict {
		t.Errorf("a second one: got %d, %v", status(err), err)
	}
	if made, _, err = c.Actions.Insert(goAction("hello"), true); err != nil || made.Version != "0.0.2" {
		t.Errorf("an update: got %+v, %v", made, err)
	}
	got, _, err := c.Actions.Get("hello", true)
	if err != nil || got.Exec.Code == nil || *got.Exec.Code != goCode {
		t.Errorf("got %+v, %v", got, err)
	}
	if list, _, err := c.Actions.List("", &ow.ActionListOptions{}); err != nil || len(list) != 1 || list[0].Name != "hello" {
		t.Errorf("got %+v, %v", list, err)
	}
	result, _, err := c.Actions.Invoke("hello", map[string]any{}, true, true)
	if fields, is := result.(map[string]any); err != nil || !is || len(fields) != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
	if _, _, err = c.Actions.Get("none", false); status(err) != http.StatusNotFound || !strings.HasPrefix(err.Error(), "The requested resource does not exist. (code ") {
		t.Errorf("what is not there: got %d, %v", status(err), err)
	}
}

func goPackages(t *testing.T, c *ow.Client) {
	if _, _, err := c.Packages.Insert(&ow.Package{Name: "tools", Parameters: ow.KeyValueArr{{Key: "n", Value: 1}}}, false); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Actions.Insert(goAction("tools/hello"), false); err != nil {
		t.Fatal(err)
	}
	bound := &ow.BindingPackage{Name: "bound", Binding: ow.Binding{Namespace: "guest", Name: "tools"}}
	if _, _, err := c.Packages.Insert(bound, false); err != nil {
		t.Fatal(err)
	}
	got, _, err := c.Packages.Get("bound")
	if err != nil || len(got.Actions) != 1 || got.Binding.Name != "tools" || len(got.Parameters) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, _, err := c.Actions.Invoke("bound/hello", map[string]any{}, true, true); err != nil {
		t.Error(err)
	}
	if list, _, err := c.Actions.List("tools", &ow.ActionListOptions{}); err != nil || len(list) != 1 || list[0].Namespace != "guest/tools" {
		t.Errorf("got %+v, %v", list, err)
	}
	if _, err := c.Packages.Delete("tools"); status(err) != http.StatusConflict {
		t.Errorf("one that is not empty: got %d, %v", status(err), err)
	}
	for _, gone := range []func() (*http.Response, error){
		func() (*http.Response, error) { return c.Packages.Delete("bound") },
		func() (*http.Response, error) { return c.Actions.Delete("tools/hello") },
		func() (*http.Response, error) { return c.Packages.Delete("tools") },
	} {
		if _, err := gone(); err != nil {
			t.Error(err)
		}
	}
}

func goTriggers(t *testing.T, c *ow.Client) {
	if _, _, err := c.Triggers.Insert(&ow.Trigger{Name: "tick", Annotations: ow.KeyValueArr{{Key: "a", Value: 1}}}, false); err != nil {
		t.Fatal(err)
	}
	if fired, _, err := c.Triggers.Fire("tick", map[string]any{}); err != nil || fired.ActivationId != "" {
		t.Errorf("without a rule: got %+v, %v", fired, err)
	}
	rule, _, err := c.Rules.Insert(&ow.Rule{Name: "on", Trigger: "/_/tick", Action: "/_/hello"}, false)
	if err != nil || rule.Status != "active" {
		t.Fatalf("got %+v, %v", rule, err)
	}
	for _, state := range []string{"inactive", "active"} {
		if _, _, err := c.Rules.SetState("on", state); err != nil {
			t.Errorf("%s: %v", state, err)
		}
		if rule, _, err := c.Rules.Get("on"); err != nil || rule.Status != state {
			t.Errorf("got %+v, %v, want %s", rule, err, state)
		}
	}
	if trigger, _, err := c.Triggers.Get("tick"); err != nil || len(trigger.Rules) != 1 {
		t.Errorf("got %+v, %v", trigger, err)
	}
	fired, _, err := c.Triggers.Fire("tick", map[string]any{"n": 1})
	if err != nil || len(fired.ActivationId) != 32 {
		t.Errorf("got %+v, %v", fired, err)
	}
	if list, _, err := c.Rules.List(&ow.RuleListOptions{}); err != nil || len(list) != 1 {
		t.Errorf("got %+v, %v", list, err)
	}
	if _, err := c.Rules.Delete("on"); err != nil {
		t.Error(err)
	}
	if _, _, err := c.Triggers.Delete("tick"); err != nil {
		t.Error(err)
	}
}

func goActivations(t *testing.T, c *ow.Client) {
	since := time.Now().UnixMilli()
	answer, _, err := c.Actions.Invoke("hello", map[string]any{}, true, false)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := answer.(map[string]any)["activationId"].(string)
	record, _, err := c.Activations.Get(id)
	if err != nil || record.Name != "hello" || !record.Response.Success || len(record.Logs) != 1 {
		t.Errorf("got %+v, %v", record, err)
	}
	c.Namespace = "_" // as above
	if logs, _, err := c.Activations.Logs(id); err != nil || len(logs.Logs) != 1 || !strings.HasSuffix(logs.Logs[0], "stdout: said") {
		t.Errorf("got %+v, %v", logs, err)
	}
	c.Namespace = "_"
	list, _, err := c.Activations.List(&ow.ActivationListOptions{Name: "hello", Since: since, Docs: false, Limit: 5})
	if err != nil || len(list) != 1 || list[0].ActivationID != id {
		t.Errorf("got %+v, %v", list, err)
	}
	c.Namespace = "_"
	if _, err := c.Actions.Delete("hello"); err != nil {
		t.Error(err)
	}
}
