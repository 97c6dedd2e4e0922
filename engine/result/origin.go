package result

import "path/filepath"

// Origin is what a run was made from and on, so that it can be made again. Secrets are no part of it.
type Origin struct {
	Folder  string `json:"folder"`            // the working directory, to which relative paths count
	APIHost string `json:"apihost,omitempty"` // of a running OpenWhisk; empty for the embedded one
	// Insecure says that the OpenWhisk's certificate was not verified.
	Insecure bool         `json:"insecure,omitempty"`
	HTTP     string       `json:"http"` // the client that sent the invocations
	Sources  []SourceFile `json:"sources"`
	Inputs   []InputFile  `json:"inputs,omitempty"`
	Git      Git          `json:"git"`
	Go       string       `json:"go"`
	Modules  []string     `json:"modules,omitempty"` // the libraries of the program, path@version
	Machine  []Fact       `json:"machine,omitempty"` // the one that the generator ran on
	// OpenWhisk is the build that answered; Runtimes are the images of the plan's kinds there, kind=image.
	OpenWhisk string   `json:"openwhisk,omitempty"`
	Runtimes  []string `json:"runtimes,omitempty"`
	// Again is the run of which this one is a repetition; empty when it is none.
	Again string `json:"again,omitempty"`
	// Changed is what differed from that run, one sentence each; the user allowed it.
	Changed []string `json:"changed,omitempty"`
}

// Path is where a file of the origin stands, wherever this process works.
func (o *Origin) Path(file string) string {
	if filepath.IsAbs(file) {
		return filepath.Clean(file)
	}
	return filepath.Join(o.Folder, file)
}

// SourceFile is one text that the plan was made from. Hash is that of the text as it was read, in hexadecimal SHA-256; the
// kept one differs where a secret in it was hidden.
type SourceFile struct {
	Role string `json:"role"` // scenario, include or profile
	File string `json:"file"` // as given
	Kept string `json:"kept"` // its name among the bundle's sources
	Hash string `json:"sha256"`
}

// InputFile is a file behind the run as it was when the run began: of an action's code, of a payload, of what a command or a
// service runs, or of the release.
type InputFile struct {
	Of   string `json:"of"`   // such as: action hello
	File string `json:"file"` // as given; the files of a folder one by one
	Hash string `json:"sha256"`
}

// Git is the state of the scenario's folder in its repository.
type Git struct {
	Commit string   `json:"commit,omitempty"`
	Dirty  []string `json:"dirty,omitempty"` // files that differ from the commit, as git status says it
	// Unknown is why nothing is known; empty otherwise.
	Unknown string `json:"unknown,omitempty"`
}
