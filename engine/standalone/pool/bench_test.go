package pool

import (
	"fmt"
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
