package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/cupwriter"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"wsk-scenario/engine/run"
)

// refresh is how often bars are drawn: smooth enough to the eye, and next to nothing beside a load.
const refresh = 150 * time.Millisecond

// widest is how wide a bar becomes at most; beyond that the figures behind it are too far from its name.
const widest = 160

// bars shows progress on a terminal: a bar for the phase under way, and a line for each that is done.
type bars struct {
	out       io.Writer
	container *mpb.Progress
	bar       *mpb.Bar

	mu    sync.Mutex // the bar's texts are drawn by a goroutine of the container
	story story
	now   run.Progress
}

func newBars(s screen) *bars {
	console := cupwriter.New(fromMargin{s.out}, false)
	console.SetTermFd(int(s.file.Fd()))
	container := mpb.New(mpb.WithConsoleWriter(console), mpb.WithRefreshRate(refresh), mpb.WithWidth(min(s.width, widest)))
	return &bars{out: s.out, container: container}
}

// fromMargin begins every write at the left margin. The terminal shows a pressed Ctrl-C as ^C, which moves the cursor; a bar
// drawn from there would leave its first letters behind.
type fromMargin struct{ out io.Writer }

func (m fromMargin) Write(text []byte) (int, error) {
	n, err := m.out.Write(append([]byte{'\r'}, text...))
	return max(n-1, 0), err
}

func (b *bars) event(e run.Event) {
	b.mu.Lock()
	b.story.hear(e)
	if p, ok := e.(run.Progress); ok {
		b.now = p
	}
	where := b.story.where(b.story.phase.Phase)
	b.mu.Unlock()
	switch e := e.(type) {
	case run.PhaseStarted:
		b.begin(e)
	case run.Progress:
		b.advance(e)
	case run.PhaseEnded:
		b.drop()
		b.say(where + ": " + b.story.done(e.Done, e.Errors, e.Elapsed))
	default:
		if text := remark(e); text != "" {
			b.say(text)
		}
	}
}

// begin adds the bar of a phase. One that goes by time is measured in milliseconds.
func (b *bars) begin(e run.PhaseStarted) {
	b.drop()
	b.mu.Lock()
	b.now = run.Progress{}
	b.mu.Unlock()
	total := int64(e.Total)
	if e.Total == 0 {
		total = e.For.Milliseconds()
	}
	style := mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]")
	b.bar = b.container.New(total, style, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(b.story.where(e.Phase)+" ")),
		mpb.AppendDecorators(decor.Any(b.figures)))
}

func (b *bars) advance(e run.Progress) {
	if b.bar == nil {
		return
	}
	if b.story.phase.Total == 0 {
		b.bar.SetCurrent(e.Elapsed.Milliseconds())
		return
	}
	b.bar.SetCurrent(int64(e.Done))
}

// drop takes the bar off the screen.
func (b *bars) drop() {
	if b.bar != nil {
		b.bar.Abort(true)
		b.bar.Wait()
		b.bar = nil
	}
}

// figures is the text behind a bar: calls done, errors, rates, p95 and the time that is left.
func (b *bars) figures(decor.Statistics) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := fmt.Sprintf(" %d", b.now.Done)
	if b.story.phase.Total > 0 {
		text += fmt.Sprintf("/%d", b.story.phase.Total)
	}
	text += ", " + plural(b.now.Errors, "error")
	return text + b.story.figures(b.now)
}

func (b *bars) say(text string) { fmt.Fprintln(b.container, text) }

func (b *bars) close() {
	b.drop()
	b.container.Wait()
	fmt.Fprintln(b.out) // between the progress and the report, which often share a terminal
}
