package plan

import (
	"time"

	"wsk-scenario/dsl/diag"
)

// Kubernetes is which cluster a profile names, and where OpenWhisk is on it.
type Kubernetes struct {
	Context    string `json:"context,omitempty"`    // of the kubeconfig; its current one when empty
	Kubeconfig string `json:"kubeconfig,omitempty"` // a file; found as kubectl does when empty
	Release    string `json:"release"`
	Namespace  string `json:"namespace"`
	// Secret is the Kubernetes secret and the key of OpenWhisk's credentials, as name/key; found when empty.
	Secret string `json:"secret,omitempty"`
	// Image is the one that holds this program, for workers on its nodes; that of the release when empty.
	Image string `json:"image,omitempty"`
	// Roles are the labels of the nodes of each role.
	Roles map[string]map[string]string `json:"roles,omitempty"`
	// Releases are those of the roles, in the order of the profile, where each role has one of its own; Release is then what their
	// names begin with. Without any, one release serves all roles, and the label openwhisk-role moves.
	Releases []Release `json:"releases,omitempty"`
	// Deployment is the release to install, as the profile says; nil when OpenWhisk must be there already.
	Deployment *Deployment `json:"deployment,omitempty"`
}

// Deployment is a Helm release as it is wanted. A scenario's own stands over the profile's.
type Deployment struct {
	Release    string        `json:"release,omitempty"` // which one, where each role has its own
	Chart      string        `json:"chart"`             // folder, archive, oci://… or a name in the repository
	Version    string        `json:"version,omitempty"`
	Repository string        `json:"repository,omitempty"`
	Values     []string      `json:"values,omitempty"` // files, a later one wins
	Set        []Set         `json:"set,omitempty"`    // values that win over those of the files
	Wait       time.Duration `json:"wait_ns,omitempty"`
	Keep       bool          `json:"keep,omitempty"` // the release stays after the run
	Range      diag.Range    `json:"range"`          // where the chart is named
}

// Set is one value of a chart: the path to it, with dots, and where the file says so.
type Set struct {
	Key   diag.Text `json:"key"`
	Value any       `json:"value"` // nil, bool, int, float64, string, []any or map[string]any
}
