package dsl

import (
	"wsk-scenario/dsl/syntax"
)

// Require is what the target must have.
type Require struct {
	Limits   RequiredLimits       `yaml:"limits" doc:"The least that the limits of the namespace must be." example:"{invocations_per_minute: 600, concurrent: 50}"`
	Kinds    []syntax.Val[string] `yaml:"kinds" doc:"Runtimes that the target must offer: families such as java, or kinds such as nodejs:20." example:"[java, nodejs, python]"`
	Roles    []syntax.Val[string] `yaml:"roles" doc:"Roles that some node of the target must have." example:"[cloud, edge]"`
	Features []syntax.Val[string] `yaml:"features" enum:"triggers|api_gateway|concurrency" doc:"What OpenWhisk can be built without." example:"[triggers]"`
}

// RequiredLimits are limits of the namespace.
type RequiredLimits struct {
	PerMinute  syntax.Val[int] `yaml:"invocations_per_minute" doc:"Invocations that the target must take in a minute." example:"600"`
	Concurrent syntax.Val[int] `yaml:"concurrent" doc:"Invocations that the target must take at a time." example:"50"`
}

func (c *checker) checkRequire() {
	r := c.Require
	atLeast(c, r.Limits.PerMinute, 1)
	atLeast(c, r.Limits.Concurrent, 1)
	for _, v := range r.Kinds {
		for _, f := range each(c, v) {
			if !kindName.MatchString(f.Value) {
				c.fault(v, ": %q is no kind", f.Value).Hint = "write a runtime such as nodejs, or one version of it such as nodejs:20"
			}
		}
	}
	for _, v := range r.Roles {
		c.checkRole(v)
	}
}
