// Package runtime starts the processes that play action containers: it knows the kinds, their launchers and the ActionLoop
// protocol (one JSON line in on standard input, one out on file descriptor 3, logs on standard output and error).
// It knows nothing of pools, of activations or of HTTP.
package runtime
