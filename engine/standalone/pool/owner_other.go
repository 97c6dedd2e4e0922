//go:build !unix

package pool

// ours is never so sure here that a folder may be removed.
func ours(string) bool { return false }
