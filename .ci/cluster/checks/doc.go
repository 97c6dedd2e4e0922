// Package checks holds the tests on a real Kubernetes. They are apart from all others, because they need a machine that
// permits one: make test runs them where it does, and says "not checked" where it does not. Each starts a cluster of its own,
// or shares the one of the package.
package checks
