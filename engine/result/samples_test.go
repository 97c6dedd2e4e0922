package result

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
)

// anySample is a sample in which anything may stand that a run can meet.
func anySample(random *rand.Rand) measure.Sample {
	number := func() int { return int(random.Int64N(1<<40)) >> random.IntN(40) }
	either := func() int64 { return int64(number()) * int64(1-2*random.IntN(2)) }
	moment := func() time.Duration { return time.Duration(either()) }
	one := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	maybe := func() *int64 {
		v := either()
		if random.IntN(2) == 0 {
			return nil
		}
		return &v
	}
	var id [16]byte
	for i := range id {
		id[i] = byte(random.Uint32())
	}
	s := measure.Sample{
		Cell: random.IntN(3), Phase: random.IntN(2), Repeat: random.IntN(2), Warmup: random.IntN(2) == 0, User: number(), Seq: number(), Step: random.IntN(5),
		Target: one("", "pay", "größe"), Due: moment(), Sent: moment(), FirstByte: moment(), Done: moment(), Completed: moment(),
		Activation: one("", "not hexadecimal", hex.EncodeToString(id[:]), strings.ToUpper(hex.EncodeToString(id[:]))),
		Outcome:    measure.Outcome(one("ok", "lost", "network")), Status: number(), Error: one("", "connection reset", strings.Repeat("x", 300)),
		Temperature: measure.Temperature(one("cold", "warm")), Proof: one("", "its process was started for it"), Node: one("", "edge"), Container: one("", "c1", "c2"),
		RequestBytes: number(), ResponseBytes: number(),
	}
	if random.IntN(3) == 0 {
		s.Stages = &measure.Stages{Awaited: random.IntN(2) == 0}
		for _, m := range moments(s.Stages) {
			*m = moment() * time.Duration(random.IntN(2))
		}
	}
	s.Transaction = one("", "foreign", "r1"+string(appendOrdinal(nil, s.User, s.Seq)))
	if random.IntN(2) == 0 {
		s.Record = &measure.Record{Start: int64(number()), End: int64(number()), Duration: int64(number()), Wait: maybe(), Init: maybe()}
		for range random.IntN(3) {
			s.Record.Hops = append(s.Record.Hops, either())
			s.Record.Components = append(s.Record.Components, one("a", hex.EncodeToString(id[:])))
		}
	}
	return s
}

func TestEverySampleReadsBackAsItWas(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 100, blockSize, blockSize + 1} {
		t.Run(fmt.Sprint(n, " samples"), func(t *testing.T) {
			samples := make([]measure.Sample, n)
			for i := range samples {
				if samples[i] = anySample(random); n >= blockSize {
					samples[i].Cell, samples[i].Phase, samples[i].Repeat = 0, 0, 0
				}
			}
			folder := t.TempDir()
			write(t, folder, samples)
			var read []measure.Sample
			if err := Samples(folder, func(s *measure.Sample) error { read = append(read, *s); return nil }); err != nil {
				t.Fatal(err)
			}
			if len(read) != n {
				t.Fatalf("read %d of %d", len(read), n)
			}
			for i := range read {
				if !reflect.DeepEqual(read[i], samples[i]) {
					t.Fatalf("sample %d: read %+v, want %+v", i, read[i], samples[i])
				}
			}
		})
	}
}

// What is damaged is found, wherever it is: nothing is computed from half of the samples.
func TestADamagedFileIsNeverReadAsAWholeOne(t *testing.T) {
	folder := t.TempDir()
	random := rand.New(rand.NewPCG(3, 4))
	samples := make([]measure.Sample, 50)
	for i := range samples {
		samples[i] = anySample(random)
	}
	write(t, folder, samples)
	path := filepath.Join(folder, samplesFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 500 {
		damaged := bytes.Clone(whole)
		damaged[random.IntN(len(damaged))] ^= byte(1 + random.IntN(255))
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := Samples(folder, func(*measure.Sample) error { return nil }); err == nil {
			t.Fatal("a damaged file was read without an error")
		}
	}
}

// A sample of an ordinary warm call takes less than 40 bytes on disk, half of which is the id of its activation.
func TestASampleIsSmallOnDisk(t *testing.T) {
	folder := t.TempDir()
	w := ordinary(t, folder, 20*blockSize)
	info, err := w.file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if each := float64(info.Size()) / float64(w.count); each > 40 {
		t.Errorf("%.1f bytes a sample", each)
	} else {
		t.Logf("%.1f bytes a sample", each)
	}
}

// ordinary writes n samples as a closed load of 64 users leaves them.
func ordinary(t testing.TB, folder string, n int) *sampleWriter {
	t.Helper()
	file, err := os.Create(filepath.Join(folder, samplesFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	w, err := newSampleWriter(file, func(text string) string { return text })
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	var id [16]byte
	wait := new(int64)
	for i := range n {
		for k := range id {
			id[k] = byte(random.Uint32())
		}
		took := time.Duration(3e6 + random.ExpFloat64()*2e6)
		due := time.Duration(i)*100*time.Microsecond + time.Duration(random.IntN(1e5))
		user, seq := i%64, i/64
		record := &measure.Record{Start: 1.7e12 + int64(due/1e6), Duration: int64(took / 1e6), Wait: wait}
		record.End = record.Start + record.Duration
		sample := []measure.Sample{{
			User: user, Seq: seq, Due: due, Sent: due + time.Duration(random.IntN(1e4)), Activation: hex.EncodeToString(id[:]),
			Transaction: "abcdefgh00000000" + string(appendOrdinal(nil, user, seq)), Outcome: measure.OK, Status: 200, Record: record, Temperature: measure.Warm,
			Proof: "the record has no initTime", Node: "standalone", Container: fmt.Sprintf("wsk-%d", user), RequestBytes: 13, ResponseBytes: 700 + random.IntN(3),
		}}
		sample[0].FirstByte = sample[0].Sent + took
		sample[0].Done = sample[0].FirstByte + time.Duration(random.IntN(3e4))
		if err := w.add(sample); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.flush(); err != nil {
		t.Fatal(err)
	}
	return w
}

// BenchmarkSamples shows what a sample costs: to write, on disk, to sum up, and in memory.
func BenchmarkSamples(b *testing.B) {
	folder := b.TempDir()
	w := ordinary(b, folder, max(b.N, blockSize))
	b.ResetTimer()
	b.ReportMetric(float64(w.size)/float64(w.count), "disk-B/sample")
	stretch := &Stretch{file: w.file, blocks: w.blocks}
	sum := measure.Summarize(0, 0, "p", measure.WantWarm, nil, stretch.Samples(), measure.Asked{})
	if stretch.err != nil || sum.Counters["ok"] != float64(w.count) {
		b.Fatalf("%v ok, error %v", sum.Counters["ok"], stretch.err)
	}
}

func FuzzBlock(f *testing.F) {
	random := rand.New(rand.NewPCG(7, 8))
	one := anySample(random)
	two := one
	two.Seq++
	for _, samples := range [][]measure.Sample{{one}, {one, two}} {
		p := packer{text: func(text string) string { return text }}
		raw, err := p.encode(samples)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var room unpacked
		samples, err := room.decode(raw, true)
		if (err == nil) != (len(samples) > 0) {
			t.Errorf("%d samples, error %v", len(samples), err)
		}
	})
}

// The file was written before samples had stages.
func TestSamplesOfTheVersionBeforeAreRead(t *testing.T) {
	old, err := os.ReadFile(filepath.Join("testdata", "samples-3.wsk"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, samplesFile), old, 0o600); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = Samples(folder, func(s *measure.Sample) error {
		if n++; s.Temperature != measure.Cold || s.Outcome != measure.OK || s.Record.Init == nil || s.Stages != nil {
			t.Errorf("read %+v", s)
		}
		return nil
	})
	if err != nil || n != 2 {
		t.Errorf("read %d samples, want 2: %v", n, err)
	}
}
