package pool

import "time"

// Patience is how long OpenWhisk's load balancer waits for the end of an activation with a time limit, before it gives up
// what the activation took: twice the limit, or the standard one where that is more, and a minute.
func Patience(limit time.Duration) time.Duration {
	const (
		standard = time.Minute
		factor   = 2
		addition = time.Minute
	)
	return max(limit, standard)*factor + addition
}
