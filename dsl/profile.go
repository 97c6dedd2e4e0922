package dsl

import (
	"time"

	"wsk-scenario/dsl/syntax"
)

// Profile is one cluster profile: where scenarios run. Its tags are those of Scenario.
type Profile struct {
	Cluster     syntax.Val[string]                           `yaml:"cluster,required" doc:"The profile's name: letters, digits, - and _. Results and reports show it." example:"k3s-pi"`
	About       syntax.Val[string]                           `yaml:"about" doc:"One line that says what the cluster is, for people." example:"Ubuntu VM master, Raspberry Pi 4 worker."`
	OpenWhisk   OpenWhisk                                    `yaml:"openwhisk" doc:"How to reach an OpenWhisk that runs already. Without an apihost and a Kubernetes cluster the embedded one is started." example:"{apihost: \"https://openwhisk.example.org\", auth: {env: WSK_AUTH}}"`
	Vars        syntax.Dict[*syntax.Node]                    `yaml:"vars" doc:"Values that replace variables of the same name in every scenario; --set replaces them in turn." example:"{loops: 5}"`
	Kinds       syntax.Dict[syntax.Val[string]]              `yaml:"kinds" doc:"What family:default means here, where the server's own default is not wanted." example:"{nodejs: \"nodejs:20\"}"`
	Like        syntax.Val[string]                           `yaml:"like" enum:"master|chart" doc:"The OpenWhisk whose names the kinds of the embedded one have, and whose two stem cells of Node.js it keeps: master, or the one that Helm chart 1.0.1 installs. What runs is what this machine has, and kinds are called after that when not said." example:"chart"`
	Limits      EmbeddedLimits                               `yaml:"limits" doc:"Limits of the embedded OpenWhisk. Those of invocations are so high that they do not shape the load when not said, the others are OpenWhisk's." example:"{invocations_per_minute: 60, concurrent: 30}"`
	Memory      syntax.Val[syntax.Bytes]                     `yaml:"memory" doc:"Memory that the embedded OpenWhisk gives to all containers of a node together; 2048MB when not said." example:"4096MB"`
	IdleTimeout syntax.Val[time.Duration]                    `yaml:"idle_timeout" doc:"How long the embedded OpenWhisk keeps an unused container; 10m when not said." example:"10m"`
	Driver      syntax.Val[string]                           `yaml:"driver" enum:"process|docker" doc:"What the embedded OpenWhisk starts containers with: processes of this machine, or a Docker Engine on it. process when not said." example:"docker"`
	Prewarm     syntax.Dict[Prewarm]                         `yaml:"prewarm" doc:"Containers that the embedded OpenWhisk keeps started, by family: a number, or one that follows the cold starts." example:"{nodejs: {count: 2, min: 1, max: 4}}"`
	Nodes       syntax.Dict[EmulatedNode]                    `yaml:"nodes" doc:"The emulated nodes of the embedded OpenWhisk, by name." example:"{pi: {role: edge, cpus: 0.4, memory: 1GB}}"`
	Roles       syntax.Dict[Role]                            `yaml:"roles" doc:"Which nodes of the cluster play a role, by the role's name." example:"{edge: {nodes: {kubernetes.io/arch: arm64}}}"`
	Placement   syntax.Val[string]                           `yaml:"placement" enum:"label|releases" doc:"How actions get to the nodes of a role: label moves the label openwhisk-role=invoker, and one release with it, to the nodes of each cell; releases installs a release for each role, bound to its nodes by values of the chart, and changes nothing on nodes. label when not said." example:"releases"`
	Images      syntax.Dict[syntax.Dict[syntax.Val[string]]] `yaml:"images" doc:"Runtime images of driver: docker, by family and architecture; OpenWhisk's own when not said." example:"{java: {arm64: \"example/java8action:arm64\"}}"`
	Services    syntax.Dict[GivenService]                    `yaml:"services" doc:"Services that are there already, by the name that scenarios give them: a scenario takes them in the place of the ones it would start." example:"{store: {host: couchdb.example.org, port: 5984}}"`
	Kubernetes  Kubernetes                                   `yaml:"kubernetes" doc:"The Kubernetes cluster that OpenWhisk runs on." example:"{context: k3s}"`
	Deployment  Deployment                                   `yaml:"deployment" doc:"The Helm release to install or upgrade." example:"{chart: openwhisk/openwhisk, version: 1.0.1}"`

	// File is the name of the profile's file, as given.
	File string `yaml:"-"`
}

// OpenWhisk is how to reach one OpenWhisk.
type OpenWhisk struct {
	Release   syntax.Val[string] `yaml:"release" doc:"The Helm release that OpenWhisk was installed as." example:"owdev"`
	Namespace syntax.Val[string] `yaml:"namespace" doc:"The Kubernetes namespace of the release." example:"openwhisk"`
	APIHost   syntax.Val[string] `yaml:"apihost" doc:"The address of its API: scheme, host and port." example:"https://node-address:31001"`
	Auth      Auth               `yaml:"auth" doc:"Where its credentials are found; the environment's WSK_AUTH when not said. The credentials themselves never stand in a profile." example:"{env: WSK_AUTH}"`
	TLS       TLS                `yaml:"tls" doc:"How its certificate is verified; as the system does when not said." example:"{verify: false}"`
}

// Auth is a reference to credentials: exactly one of its keys.
type Auth struct {
	Env      syntax.Val[string] `yaml:"env" doc:"A variable of the environment that holds UUID:KEY." example:"WSK_AUTH"`
	File     syntax.Val[string] `yaml:"file" doc:"A file that holds UUID:KEY and nothing else, relative to the profile's file." example:"secrets/auth"`
	Wskprops syntax.Val[string] `yaml:"wskprops" doc:"A properties file of wsk, of which AUTH is taken; relative to the profile's file." example:"~/.wskprops"`
	Secret   syntax.Val[string] `yaml:"secret" doc:"A Kubernetes secret and its key." example:"owdev-whisk.auth/guest"`
}

// TLS is how a certificate is verified.
type TLS struct {
	Verify syntax.Val[bool]   `yaml:"verify" doc:"Whether the certificate is verified at all; true when not said." example:"false"`
	CA     syntax.Val[string] `yaml:"ca" doc:"A PEM file with the authorities to trust instead of the system's, relative to the profile's file." example:"ca.pem"`
	Cert   syntax.Val[string] `yaml:"cert" doc:"A PEM file with the certificate by which the server knows us, where it asks for one; relative to the profile's file." example:"client.pem"`
	Key    syntax.Val[string] `yaml:"key" doc:"A PEM file with the private key of that certificate, relative to the profile's file." example:"client-key.pem"`
}

// EmulatedNode is a node that the embedded OpenWhisk plays.
type EmulatedNode struct {
	Role   syntax.Val[string]       `yaml:"role,required" doc:"The role that the node plays." example:"edge"`
	CPUs   syntax.Val[float64]      `yaml:"cpus" doc:"Processors that the node's containers share; all of this machine when not said." example:"0.4"`
	Memory syntax.Val[syntax.Bytes] `yaml:"memory" doc:"Memory that the node gives to all its containers together; that of the profile when not said." example:"1GB"`
	Arch   syntax.Val[string]       `yaml:"arch" enum:"amd64|arm64|arm|386|ppc64le|riscv64|s390x" doc:"The architecture that the node is labelled with; that of this machine when not said. A label alone: code runs as this machine runs it." example:"arm64"`
	Link   Link                     `yaml:"link" doc:"The network between the controller and the node, played by a relay that really holds bytes back; none when not said." example:"wifi"`
}

// Link is an emulated network.
type Link struct {
	Like   syntax.Val[string]         `yaml:"like,shorthand" enum:"lan|wifi|lte|cloud|sat|flaky" doc:"lan: 0.1ms one way, 1Gbit/s; wifi: 1.5ms ± 1ms, 50Mbit/s; lte: 25ms ± 8ms, 20Mbit/s; cloud, 3000 km of fibre: 15ms, 500Mbit/s; sat: 260ms ± 10ms, 10Mbit/s; flaky: 5ms ± 4ms, 5Mbit/s, down for 2s about every 20s." example:"wifi"`
	Delay  syntax.Val[time.Duration]  `yaml:"delay" doc:"How long a byte takes, one way." example:"5ms"`
	Jitter syntax.Val[time.Duration]  `yaml:"jitter" doc:"How much shorter or longer that is at most, each length alike; never more than the delay." example:"1ms"`
	Rate   syntax.Val[syntax.BitRate] `yaml:"rate" doc:"Bits that pass in a second, each way." example:"20Mbit/s"`
	Outage Outage                     `yaml:"outage" doc:"When nothing gets through; what is sent meanwhile comes after it." example:"{every: 20s, last: 2s}"`
}

// Outage is when a network is down.
type Outage struct {
	Every syntax.Val[time.Duration] `yaml:"every" doc:"How long it is up between two outages, on average; the times are exponential and follow from the seed." example:"20s"`
	Last  syntax.Val[time.Duration] `yaml:"last" doc:"How long an outage lasts." example:"2s"`
}

// GivenService is a service that runs already. It is asked whether it is ready and seeded as the scenario says, and neither
// started nor stopped.
type GivenService struct {
	Host   syntax.Val[string]              `yaml:"host,required" doc:"Its address, as the actions and this machine reach it." example:"couchdb.example.org"`
	Port   syntax.Val[int]                 `yaml:"port,required" doc:"Its port." example:"5984"`
	Auth   Login                           `yaml:"auth" doc:"Where its credentials are found, which scenarios have as login; none when not said. The credentials themselves never stand in a profile." example:"{env: COUCHDB_LOGIN}"`
	Values syntax.Dict[syntax.Val[string]] `yaml:"values" doc:"What it gives to the scenario in the place of the scenario's own values." example:"{root: \"https://couchdb.example.org\"}"`
}

// Login is a reference to the credentials of a service: exactly one of its keys.
type Login struct {
	Env  syntax.Val[string] `yaml:"env" doc:"A variable of the environment that holds USER:PASSWORD." example:"COUCHDB_LOGIN"`
	File syntax.Val[string] `yaml:"file" doc:"A file that holds USER:PASSWORD and nothing else, relative to the profile's file." example:"secrets/couchdb"`
}

// Role is the nodes that play a role.
type Role struct {
	Nodes   syntax.Dict[syntax.Val[string]] `yaml:"nodes" doc:"Labels that a node of the role has." example:"{kubernetes.io/arch: arm64}"`
	Release syntax.Val[string]              `yaml:"release" doc:"With placement: releases, the release that serves the role; that of openwhisk with the role behind it when not said." example:"owdev-edge"`
	Set     syntax.Dict[*syntax.Node]       `yaml:"set" doc:"With placement: releases, chart values of this release alone; they win over those of deployment. That which binds it to the nodes of the role is added where the chart is known, OpenWhisk's own or that of the standalone." example:"{nginx.httpsNodePort: 31002}"`
}

// Kubernetes is how to reach a Kubernetes cluster.
type Kubernetes struct {
	Context    syntax.Val[string] `yaml:"context" doc:"The context of the kubeconfig; its current one when not said." example:"k3s"`
	Kubeconfig syntax.Val[string] `yaml:"kubeconfig" doc:"The kubeconfig's file; found as kubectl does when not said." example:"~/.kube/config"`
	Image      syntax.Val[string] `yaml:"image" doc:"The image of wsk-scenario, from which workers of a load run on the nodes of a role; that of the release when it was installed by the chart of the standalone." example:"registry.example.org/wsk-scenario:1"`
}

// Deployment is a Helm release.
type Deployment struct {
	Release    syntax.Val[string]        `yaml:"release" doc:"The release's name." example:"owdev"`
	Namespace  syntax.Val[string]        `yaml:"namespace" doc:"The namespace to install it in." example:"openwhisk"`
	Chart      syntax.Val[string]        `yaml:"chart" doc:"The chart: a name in a repository, a folder or an archive." example:"openwhisk/openwhisk"`
	Version    syntax.Val[string]        `yaml:"version" doc:"The chart's version." example:"1.0.1"`
	Repository syntax.Val[string]        `yaml:"repository" doc:"The chart's repository." example:"https://openwhisk.apache.org/charts"`
	Values     []syntax.Val[string]      `yaml:"values" doc:"Files of chart values, relative to the profile's file; a later one wins." example:"[k3s-pi.mycluster.yaml]"`
	Set        syntax.Dict[*syntax.Node] `yaml:"set" doc:"Chart values that win over those of the files." example:"{controller.replicaCount: 1}"`
	Wait       syntax.Val[time.Duration] `yaml:"wait" doc:"How long the release may take to become ready; 10m when not said." example:"10m"`
	Keep       syntax.Val[bool]          `yaml:"keep" doc:"Whether the release stays after the run." example:"true"`
}

// DescribeProfile is the shape of a profile's file.
func DescribeProfile() *Shape { return syntax.Describe(&Profile{}) }
