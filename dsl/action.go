package dsl

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// Action is one function and how the platform shall run it: code of a kind, or an image with or without code.
type Action struct {
	Code        syntax.Val[string]        `yaml:"code" doc:"The source: a file, a folder, a .zip or a .jar, relative to the file in which it is written." example:"../actions/hello/nodejs"`
	Kind        syntax.Val[string]        `yaml:"kind" doc:"The runtime, such as nodejs:default or python:3." example:"nodejs:default"`
	Image       Image                     `yaml:"image" doc:"A container image instead of a kind: one name, or one for each architecture." example:"openwhisk/dockerskeleton"`
	Main        syntax.Val[string]        `yaml:"main" doc:"The entry point, where the kind's usual one is not meant." example:"Hello"`
	Build       BuildStep                 `yaml:"build" doc:"How the code is made before it is packed; only when its inputs have changed." example:"{run: \"mvn -q package\", output: target/resize.jar, inputs: [src, pom.xml]}"`
	Memory      syntax.Val[syntax.Bytes]  `yaml:"memory" doc:"Memory of one container; a multiple of 1MB." example:"256MB"`
	Timeout     syntax.Val[time.Duration] `yaml:"timeout" doc:"Time limit of one activation." example:"60s"`
	Logs        syntax.Val[syntax.Bytes]  `yaml:"logs" doc:"Log limit of one activation; 0MB keeps none." example:"10MB"`
	Concurrency syntax.Val[int]           `yaml:"concurrency" doc:"Activations that one container may run at a time. The limit of the target is 1 unless it was raised; on the embedded server containers of Node.js can." example:"1"`
	Instances   syntax.Val[int]           `yaml:"instances" doc:"Containers that the action may have at a time; as many as fit when not said, or 0. Of OpenWhisk only releases with the scheduler of 2.0 know this limit: a target that does not take it is refused. The embedded server holds each node to it." example:"1"`
	Params      syntax.Dict[*syntax.Node] `yaml:"params" doc:"Parameters bound to the action." example:"{w: 170}"`
	Env         syntax.Dict[*syntax.Node] `yaml:"env" doc:"Init parameters: the action finds them in its environment." example:"{MODE: bench}"`
	Annotations syntax.Dict[*syntax.Node] `yaml:"annotations" doc:"Annotations of the action." example:"{provide-api-key: true}"`
	Web         syntax.Val[any]           `yaml:"web" doc:"true: the action answers plain HTTP requests too; raw: and gets the body as it came. false when not said." example:"raw"`
	Pad         syntax.Val[syntax.Bytes]  `yaml:"pad" doc:"Filler added to the package: how large a function is." example:"20MB"`
	Copies      syntax.Val[int]           `yaml:"copies" doc:"How often the action is created, as NAME-0, NAME-1 and so on; the users of a phase take turns. 1 when not said." example:"30"`
}

// Image is a container image: one name, or one for each architecture.
type Image struct {
	Name  syntax.Val[string] `yaml:"name,shorthand" doc:"The image for every architecture." example:"openwhisk/dockerskeleton"`
	AMD64 syntax.Val[string] `yaml:"amd64" doc:"The image for amd64." example:"example/action:amd64"`
	ARM64 syntax.Val[string] `yaml:"arm64" doc:"The image for arm64." example:"example/action:arm64"`
}

// BuildStep makes the code of an action.
type BuildStep struct {
	Run    syntax.Val[string]        `yaml:"run,required" doc:"The command, in the folder of code." example:"mvn -q package"`
	Output syntax.Val[string]        `yaml:"output,required" doc:"What it makes, relative to the folder of code; this is what is packed." example:"target/resize.jar"`
	Inputs []syntax.Val[string]      `yaml:"inputs" doc:"What it reads, relative to the folder of code; all of it when not said." example:"[src, pom.xml]"`
	Within syntax.Val[time.Duration] `yaml:"within" doc:"How long it may take; 10m when not said." example:"2m"`
}

// Range is where the image is written, first of all.
func (i Image) Range() diag.Range { return i.set().Range() }

// set is what is written of the image.
func (i Image) set() syntax.Val[string] {
	for _, v := range []syntax.Val[string]{i.Name, i.AMD64, i.ARM64} {
		if v.Set() {
			return v
		}
	}
	return syntax.Val[string]{}
}

// checkRuntime checks that an action has something to run, and something to run it with.
func (c *checker) checkRuntime(a Action, path, name string) {
	place, image := c.root.Get("actions").Get(name).Range, a.Image.set()
	switch {
	case c.misspelled(path):
	case image.Set() && a.Kind.Set():
		c.exactlyOne(path, place, []string{"kind", "image"}, a.Kind, image)
	case !image.Set() && !a.Code.Set():
		d := c.diags.Errorf(place, "%s has no %q", path, "code")
		d.Path, d.Hint = path, "add code, such as code: ../actions/hello/nodejs"
	case !image.Set() && !a.Kind.Set():
		d := c.diags.Errorf(place, "%s has no %q", path, "kind")
		d.Path, d.Hint = path, `add kind, such as kind: nodejs:default`
	}
	if a.Image.Name.Set() && (a.Image.AMD64.Set() || a.Image.ARM64.Set()) {
		c.fault(a.Image.Name, " is for every architecture, and one of them is named too").Hint = "keep one of the two"
	}
	for _, f := range each(c, a.Web) {
		if f.Value != true && f.Value != false && f.Value != "raw" {
			c.fault(a.Web, " must be true, false or raw%s", f.where())
		}
	}
	for _, note := range []string{"web-export", "raw-http", "final"} {
		if _, twice := a.Annotations.Get(note); twice && a.Web.Set() {
			c.fault(a.Web, " says what the annotation %s says too", note).Hint = "keep one of them"
		}
	}
	atLeast(c, a.Copies, 1)
	atMost(c, a.Copies, maxUsers)
	atLeast(c, a.Pad, 1)
	if a.Pad.Set() && !a.Code.Set() {
		c.fault(a.Pad, " has no code beside it").Hint = "add code, or make the image itself larger"
	}
	c.checkBuild(a, path)
}

// checkBuild checks that a build is of code, and that what it reads is there.
func (c *checker) checkBuild(a Action, path string) {
	if !a.Build.Run.Set() {
		return
	}
	if !a.Code.Set() && !c.faulty(path) {
		c.fault(a.Build.Run, " has no code beside it").Hint = "write the folder in which it runs as code"
	}
	c.positive(a.Build.Within)
	folder, ok := a.Code.Literal()
	if !ok {
		return
	}
	folder = beside(a.Code.Range(), folder)
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		folder = filepath.Dir(folder)
	}
	for _, input := range a.Build.Inputs {
		for _, f := range each(c, input) {
			if _, err := os.Stat(filepath.Join(folder, f.Value)); err != nil {
				c.fault(input, ": there is no file %s in %s%s", f.Value, folder, f.where()).Hint = missingHint(filepath.Join(folder, f.Value))
			}
		}
	}
}

// copyNames are the names of the copies of an action, as many as it has in any cell; none where it has no copies.
func (c *checker) copyNames() (names []string) {
	for _, e := range c.Actions.Entries {
		most := 0
		for _, f := range each(c, e.Value.Copies) {
			most = max(most, f.Value)
		}
		for i := range min(most, maxUsers) {
			names = append(names, CopyName(e.Key.Value, i))
		}
	}
	return names
}

// CopyName is the name of one of the copies of an action.
func CopyName(action string, i int) string { return action + "-" + strconv.Itoa(i) }

// ofCopies is the action that a name is a copy of; the name itself where it is none.
func (c *checker) ofCopies(name string) string {
	base, number, ok := cutLast(name, "-")
	if a, known := c.Actions.Get(base); ok && known && a.Copies.Set() {
		if _, err := strconv.Atoi(number); err == nil {
			return base
		}
	}
	return name
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
