package docker_test

import (
	"fmt"
	"testing"

	"wsk-scenario/engine/standalone/docker"
	"wsk-scenario/engine/standalone/docker/dockertest"
	"wsk-scenario/engine/standalone/pool"
)

// BenchmarkStarts is what an activation costs by how its container comes to serve it, and what the removal of one costs,
// which the next cold one pays for where memory is short. The image's program starts in a millisecond: the time is the
// engine's and ours.
func BenchmarkStarts(b *testing.B) {
	engineOfTests = dockertest.Start(b)
	engineOfTests.Load(b)
	b.Run("cold", func(b *testing.B) {
		p, done := newPool(b, pool.Config{UserMemory: 1 << 20})
		defer done()
		for n := 0; b.Loop(); n++ {
			succeed(b, p, action(fmt.Sprint(n)), `{}`)
		}
	})
	b.Run("cold, after the removal of another", func(b *testing.B) {
		p, done := newPool(b, pool.Config{UserMemory: 128})
		defer done()
		for n := 0; b.Loop(); n++ {
			succeed(b, p, action(fmt.Sprint(n)), `{}`)
		}
	})
	for _, log := range []int64{0, 1 << 20} {
		b.Run(fmt.Sprintf("warm, %d bytes of log kept", log), func(b *testing.B) {
			p, done := newPool(b, pool.Config{Driver: newDriver(b, docker.Config{})})
			defer done()
			a := action("x")
			a.LogSize = log
			succeed(b, p, a, `{}`)
			for b.Loop() {
				succeed(b, p, a, `{}`)
			}
		})
	}
}
