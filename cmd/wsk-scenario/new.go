package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed template/scenario.yaml
var scenarioTemplate string

//go:embed template/action.js
var actionTemplate string

// sharedAction is the action that a new scenario calls when it gets none of its own, relative to the working directory.
const sharedAction = "actions/hello/nodejs"

var scenarioName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`)

// draft is a scenario to write.
type draft struct {
	name   string
	folder string
	action bool // an action of its own
}

func newNew(m Machine) *cobra.Command {
	var d draft
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Write a commented scenario that runs",
		Long: `Writes scenarios/NAME.yaml, a small scenario that runs as it is and says in
comments what to change. It calls the action ` + sharedAction + `; where that is not
there, --action writes NAME.js beside the scenario. Nothing is overwritten.`,
		Example: `  wsk-scenario new throughput
  wsk-scenario new throughput --dir experiments --action`,
		Args:              one("a name", "throughput"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			d.name = args[0]
			files, err := d.write()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(m.Out, "wrote %s\nnext: wsk-scenario run %s\n", strings.Join(files, " and "), files[0])
			return err
		},
	}
	cmd.Flags().StringVar(&d.folder, "dir", "scenarios", "the `folder` to write into")
	cmd.Flags().BoolVar(&d.action, "action", false, "write an action beside the scenario and call that")
	return cmd
}

// write writes the files and returns their names, the scenario's first.
func (d draft) write() ([]string, error) {
	if !scenarioName.MatchString(d.name) {
		return nil, wrong(fmt.Errorf("a scenario's name is letters, digits, - and _, not %q", d.name))
	}
	scenario, action := filepath.Join(d.folder, d.name+".yaml"), filepath.Join(d.folder, d.name+".js")
	code, err := d.code()
	if err != nil {
		return nil, err
	}
	text := strings.NewReplacer("NAME", d.name, "CODE", code, "FILE", filepath.ToSlash(scenario)).Replace(scenarioTemplate)
	if err := os.MkdirAll(d.folder, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder: %w", err)
	}
	if !d.action {
		return []string{scenario}, create(scenario, text)
	}
	if err := create(action, actionTemplate); err != nil {
		return nil, err
	}
	if err := create(scenario, text); err != nil {
		return nil, errors.Join(err, os.Remove(action)) // half of a scenario is none
	}
	return []string{scenario, action}, nil
}

// code is the path of the action as the scenario writes it.
func (d draft) code() (string, error) {
	if d.action {
		return d.name + ".js", nil
	}
	if _, err := os.Stat(sharedAction); err != nil {
		return "", wrong(fmt.Errorf("there is no action %s here to call: add --action to write one", sharedAction))
	}
	from, err := filepath.Abs(d.folder)
	if err != nil {
		return "", fmt.Errorf("find the folder: %w", err)
	}
	to, err := filepath.Abs(sharedAction)
	if err != nil {
		return "", fmt.Errorf("find the action: %w", err)
	}
	rel, err := filepath.Rel(from, to)
	return filepath.ToSlash(rel), err
}

// create writes a file that is not there yet.
func create(file, text string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return wrong(fmt.Errorf("%s is there already; choose another name, or remove it first", file))
	case err != nil:
		return fmt.Errorf("write the scenario: %w", err)
	}
	if _, err := f.WriteString(text); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
