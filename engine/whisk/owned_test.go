package whisk_test

import (
	"fmt"
	"slices"
	"testing"

	ow "github.com/apache/openwhisk-client-go/whisk"

	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

func TestAllThatBeginsWithANameIsRemovedAndNothingElse(t *testing.T) {
	server, err := standalone.Start(t.Context(), standalone.Config{WorkDir: t.TempDir(), CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(t.Context()); err != nil {
			t.Log(err)
		}
	})
	client, err := whisk.New(whisk.Access{Host: server.URL(), Auth: standalone.GuestAuth}, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	ctx, code := t.Context(), "#!/bin/sh\n"
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	action := func(name string) string {
		_, err := client.PutAction(ctx, whisk.Action{Name: name, Exec: &ow.Exec{Kind: "native:default", Code: &code}})
		must(err)
		return name
	}
	var want []string
	for _, run := range []string{"wsks-a-", "wsks-b-"} {
		must(client.PutPackage(ctx, whisk.Package{Name: run + "package"}))
		names := []string{action(run + "action"), action(run + "package/inner")}
		must(client.PutSequence(ctx, run+"sequence", []string{run + "action", run + "package/inner"}, nil))
		must(client.PutTrigger(ctx, run+"trigger", nil, nil))
		must(client.PutRule(ctx, run+"rule", run+"trigger", run+"action", nil))
		names = append(names, run+"sequence", run+"trigger", run+"rule", run+"package")
		for i := range 210 { // more than one page
			names = append(names, action(fmt.Sprintf("%s%03d", run, i)))
		}
		if run == "wsks-a-" {
			want = names
		}
	}
	removed, err := client.RemoveAll(ctx, "wsks-a-")
	must(err)
	slices.Sort(removed)
	slices.Sort(want)
	if !slices.Equal(removed, want) {
		t.Errorf("removed %q; want %q", removed, want)
	}
	if again, err := client.RemoveAll(ctx, "wsks-a-"); err != nil || len(again) > 0 {
		t.Errorf("then there is still %q, %v", again, err)
	}
	if other, err := client.RemoveAll(ctx, "wsks-b-"); err != nil || len(other) != len(want) {
		t.Errorf("of the other run %d things are left, %v; want %d", len(other), err, len(want))
	}
}
