package pool

import (
	"fmt"
	"runtime"
	"testing"
)

func BenchmarkWarmNative(b *testing.B) { benchmarkWarm(b, action("native", echoScript)) }

func BenchmarkWarmNodeJS(b *testing.B) { benchmarkWarm(b, hello(b, "nodejs", "nodejs/hello.js", "")) }

func BenchmarkWarmPython(b *testing.B) { benchmarkWarm(b, hello(b, "python", "python/hello.py", "")) }

func BenchmarkColdNative(b *testing.B) { benchmarkCold(b, action("native", echoScript)) }

func BenchmarkColdNodeJS(b *testing.B) { benchmarkCold(b, hello(b, "nodejs", "nodejs/hello.js", "")) }

func BenchmarkColdPython(b *testing.B) { benchmarkCold(b, hello(b, "python", "python/hello.py", "")) }

// BenchmarkColdJava includes the compilation of the source.
func BenchmarkColdJava(b *testing.B) { benchmarkCold(b, hello(b, "java", "java/Hello.java", "Hello")) }

// BenchmarkColdGo includes the compilation of the source.
func BenchmarkColdGo(b *testing.B) { benchmarkCold(b, hello(b, "go", "go/hello.go", "")) }

func benchmarkWarm(b *testing.B, a Action) {
	p := newPool(b, Config{})
	succeed(b, p, a, `{"name":"edge"}`)
	b.ReportAllocs()
	for b.Loop() {
		succeed(b, p, a, `{"name":"edge"}`)
	}
}

// benchmarkCold gives each call a key of its own in a pool with room for one container: it evicts and starts every time.
func benchmarkCold(b *testing.B, a Action) {
	p := newPool(b, Config{UserMemory: a.Memory})
	succeed(b, p, a, `{"name":"edge"}`) // what is made once for each kind is not part of a cold start
	var init float64
	n := 0
	for b.Loop() {
		n++
		a.Key = fmt.Sprint("cold ", n)
		out := succeed(b, p, a, `{"name":"edge"}`)
		init += out.InitEnd.Sub(out.InitStart).Seconds() * 1000
	}
	b.ReportMetric(init/float64(n), "init-ms/op")
}

// BenchmarkIdleNative starts 100 containers that then have nothing to do, and tells how much memory of ours each holds: the
// heap and the stacks, with the buffers of its pipes. What the action's own process takes is not in it.
func BenchmarkIdleNative(b *testing.B) {
	const containers = 100
	a := action("native", echoScript)
	for b.Loop() {
		p := newPool(b, Config{UserMemory: containers * a.Memory})
		succeed(b, p, a, `{"name":"edge"}`)
		before := memory()
		for n := range containers - 1 {
			a.Key = fmt.Sprint("idle ", n)
			succeed(b, p, a, `{"name":"edge"}`)
		}
		b.ReportMetric(float64(memory()-before)/(containers-1)/(1<<10), "kB/container")
	}
}

func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
