package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"wsk-scenario/engine/secret"
)

// Machine is what the program sees of the machine it runs on, so that tests can give it another one.
type Machine struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(name string) string
	Cache    func() (string, error) // the user's cache folder
	Again    <-chan struct{}        // gives a value when the user asks again for an end; nil: never

	secrets *secret.Redactor // what must not be seen in anything that is written; Main sets it
}

// Main is the whole program: it runs the command that args name and returns the exit code.
func Main(ctx context.Context, args []string, m Machine) int {
	m.secrets = new(secret.Redactor)
	out, faults := m.secrets.Writer(m.Out), m.secrets.Writer(m.Err)
	m.Out, m.Err = out, faults
	root := newRoot(m)
	root.SetArgs(args)
	root.SetIn(m.In)
	root.SetOut(m.Out)
	root.SetErr(m.Err)
	err := root.ExecuteContext(ctx)
	code, silent := codeOf(err)
	if err != nil && !silent {
		fmt.Fprintf(m.Err, "wsk-scenario: %v\n", err)
	}
	_, _ = faults.Flush(), out.Flush() // there is nobody left to tell that they are closed
	return code
}

// cacheDir is where compiled actions and launchers are kept from one run to the next.
func (m Machine) cacheDir() (string, error) {
	folder, err := m.Cache()
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w", err)
	}
	return filepath.Join(folder, "wsk-scenario"), nil
}
