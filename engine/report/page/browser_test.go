package page

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"wsk-scenario/engine/report/reporttest"
)

// browser is a real Chromium, with the page that was opened last.
type browser struct {
	ctx context.Context
	url string

	mu       sync.Mutex
	text     string // of the page
	requests []string
	faults   []string // what the console says
}

// start starts a fresh Chromium, which is gone after the test.
func start(t *testing.T) *browser {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("Chromium is not installed; it comes with Debian's package chromium, which make test installs: %v", err)
	}
	b := new(browser)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		b.mu.Lock()
		defer b.mu.Unlock()
		fmt.Fprint(w, b.text)
	}))
	t.Cleanup(server.Close)
	folder, err := os.MkdirTemp("", "wsk-scenario-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(folder), chromedp.WindowSize(1280, 900), chromedp.WSURLReadTimeout(2*time.Minute),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", true))
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		err := chromedp.Cancel(ctx)
		end()
		stop()
		// Chromium's children may write for a moment after it is gone: what is left of the folder is removed as far as it goes.
		if removed := os.RemoveAll(folder); err != nil {
			t.Logf("end Chromium: %v, %v", err, removed)
		}
	})
	b.ctx, b.url = ctx, server.URL
	b.do(t)
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, cdplog.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// show opens a page and waits until it is drawn.
func (b *browser) show(t *testing.T, text string) {
	t.Helper()
	b.mu.Lock()
	b.text, b.requests, b.faults = text, nil, nil
	b.mu.Unlock()
	b.do(t, chromedp.Navigate(b.url), chromedp.WaitReady(chromedp.CSS("html[data-drawn]")))
}

func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.faults = append(b.faults, fmt.Sprint("console.", e.Type))
	case *cdplog.EventEntryAdded:
		b.faults = append(b.faults, e.Entry.Text)
	}
}

func (b *browser) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// value evaluates JavaScript.
func value[T any](t *testing.T, b *browser, script string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// calm fails when the page said something to the console or asked for anything but itself.
func (b *browser) calm(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) > 0 {
		t.Errorf("the console says %q", b.faults)
	}
	asked := slices.DeleteFunc(slices.Clone(b.requests), func(url string) bool { return strings.HasPrefix(url, "data:") })
	if len(asked) != 1 {
		t.Errorf("the page asked for %q, want only itself", asked)
	}
}

// painted counts the canvases that have more than one colour.
const painted = `[...document.querySelectorAll("canvas")].filter(c => {
  const d = new Uint32Array(c.getContext("2d").getImageData(0, 0, c.width, c.height).data.buffer);
  return new Set(d).size > 2;
}).length`

// visible counts what a selector finds and the reader sees.
func visible(selector string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.getClientRects().length > 0).length`, selector)
}

func TestInChromium(t *testing.T) {
	r, samples := reporttest.Measured(200)
	b := start(t)
	b.show(t, render(t, r, samples))

	t.Run("every chart is drawn", func(t *testing.T) {
		// three distributions, latency and throughput of three cells, one scatter
		if got := value[int](t, b, painted); got != 10 {
			t.Errorf("%d canvases are painted, want 10", got)
		}
		for selector, want := range map[string]int{".bar > svg": 9, "figure.lives svg": 3, ".heat svg": 9} {
			if got := value[int](t, b, visible(selector)); got != want {
				t.Errorf("%d of %s are seen, want %d", got, selector, want)
			}
		}
	})
	t.Run("the selector leaves only what is chosen", func(t *testing.T) {
		all := value[int](t, b, visible("#figures tbody tr"))
		b.do(t, chromedp.Click(chromedp.Search(`//nav//span[text()="edge"]`)))
		if got := value[int](t, b, visible("#figures tbody tr")); got != all*2/3 {
			t.Errorf("without one of three cells %d of %d rows are seen", got, all)
		}
		if got := value[int](t, b, painted); got != 8 {
			t.Errorf("%d canvases are painted, want 8", got)
		}
		if got := value[string](t, b, `document.getElementById("shown").textContent`); got != "2 of 3 cells shown" {
			t.Errorf("it says %q", got)
		}
		b.do(t, chromedp.Click(chromedp.CSS("#all")))
		if got := value[int](t, b, visible("#figures tbody tr")); got != all {
			t.Errorf("after Show all %d of %d rows are seen", got, all)
		}
	})
	t.Run("the keyboard opens a call and closes it", func(t *testing.T) {
		b.do(t, chromedp.Focus(chromedp.CSS("#scatter")), chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.ArrowLeft), chromedp.KeyEvent(kb.Home), chromedp.KeyEvent(kb.Enter))
		text := value[string](t, b, opened)
		if !strings.Contains(text, samples[0].Activation) || !strings.Contains(text, "node=cloud,lang=java cold") {
			t.Errorf("the first call opens as %q; the focus is on %s, and below the chart it says %q", text,
				value[string](t, b, `document.activeElement.outerHTML.slice(0, 80)`), value[string](t, b, `document.getElementById("under").textContent`))
		}
		b.do(t, chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(chromedp.CSS("dialog[open]")))
	})
	t.Run("a click opens the call under it", func(t *testing.T) {
		value[bool](t, b, `(document.getElementById("scatter").scrollIntoView(), true)`)
		at := value[[]float64](t, b, `(() => { const r = document.querySelector("#scatter .u-over").getBoundingClientRect(); return [r.left + r.width / 2, r.top, r.height]; })()`)
		opened := false
		for y := at[1] + 4; y < at[1]+at[2] && !opened; y += 12 {
			b.do(t, chromedp.MouseEvent("mouseMoved", at[0], y), chromedp.MouseClickXY(at[0], y))
			opened = value[bool](t, b, `document.querySelector("dialog[open]") !== null`)
		}
		if !opened {
			t.Error("no click on a line through the middle of the scatter opened a call")
		}
		b.do(t, chromedp.KeyEvent(kb.Escape))
	})
	for _, row := range []struct {
		name, drawing, onward, says string
	}{
		{"of a container's calls", `[data-lives="0"]`, kb.End, "node=cloud,lang=java"},
		{"of a field of a heat map", `[data-heat="1"]`, kb.ArrowRight, "node=cloud,lang=java warm"},
	} {
		t.Run("the keyboard opens the list "+row.name+", and a call from it", func(t *testing.T) { listByKeys(t, b, row.drawing, row.onward, row.says) })
		t.Run("a click opens the list "+row.name, func(t *testing.T) { listByMouse(t, b, row.drawing) })
	}
	t.Run("a mark of one call opens it", func(t *testing.T) {
		b.do(t, chromedp.Focus(chromedp.CSS(`[data-lives="0"]`)), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
		if text := value[string](t, b, opened); !strings.Contains(text, samples[0].Activation) || !strings.Contains(text, "cold-0-0") {
			t.Errorf("the first container's call opens as %q", text)
		}
		b.do(t, chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(chromedp.CSS("dialog[open]")))
	})
	t.Run("the theme changes", func(t *testing.T) {
		paper := `getComputedStyle(document.querySelector("section")).backgroundColor`
		b.do(t, chromedp.Click(chromedp.CSS("#theme")))
		light := value[string](t, b, paper)
		b.do(t, chromedp.Click(chromedp.CSS("#theme")))
		if dark := value[string](t, b, paper); dark == light {
			t.Errorf("light and dark both have %s", light)
		}
	})
	b.calm(t)
}

// opened is the text of the dialog.
const opened = `document.querySelector("dialog[open]")?.innerText ?? "no dialog"`

// listByKeys goes downwards and onward through a drawing to a mark of several calls, lists them, opens the first and goes back.
func listByKeys(t *testing.T, b *browser, drawing, onward, says string) {
	b.do(t, chromedp.Focus(chromedp.CSS(drawing)), chromedp.KeyEvent(kb.ArrowRight))
	said := fmt.Sprintf(`document.querySelector(%q).closest("figure").querySelector(".chosen").textContent`, drawing)
	for range 60 {
		if strings.Contains(value[string](t, b, said), " calls") {
			break
		}
		b.do(t, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(onward))
	}
	text := value[string](t, b, said)
	b.do(t, chromedp.KeyEvent(kb.Enter))
	listed := value[int](t, b, `document.querySelectorAll("dialog[open] [data-call]").length`)
	if shown := value[string](t, b, opened); listed < 2 || !strings.Contains(text, fmt.Sprintf("%d calls", listed)) || !strings.Contains(shown, text) {
		t.Fatalf("of the mark %q %d calls are listed: %q", text, listed, shown)
	}
	first := value[string](t, b, `document.querySelector("dialog[open] [data-call]").textContent`)
	b.do(t, chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS("dialog[open] [data-back]")))
	if shown := value[string](t, b, opened); !strings.Contains(shown, first) || !strings.Contains(shown, says) || !strings.Contains(shown, "proof") {
		t.Errorf("the call %s of %s opens as %q", first, says, shown)
	}
	b.do(t, chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS("dialog[open] [data-call]")))
	b.do(t, chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(chromedp.CSS("dialog[open]")))
}

// listByMouse clicks on the mark that the keys chose last, which is where the mark's frame is.
func listByMouse(t *testing.T, b *browser, drawing string) {
	value[bool](t, b, fmt.Sprintf(`(document.querySelector(%q).scrollIntoView({block: "center"}), true)`, drawing))
	at := value[[]float64](t, b, fmt.Sprintf(`(() => { const r = document.querySelector(%q + " .at").getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()`, drawing))
	b.do(t, chromedp.MouseEvent("mouseMoved", at[0], at[1]), chromedp.MouseClickXY(at[0], at[1]))
	if listed := value[int](t, b, `document.querySelectorAll("dialog[open] [data-call]").length`); listed < 2 {
		t.Errorf("a click lists %d calls: %q", listed, value[string](t, b, opened))
	}
	b.do(t, chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(chromedp.CSS("dialog[open]")))
}

func TestPagesOfRunsWithoutCallsAreWholeInChromium(t *testing.T) {
	b := start(t)
	for _, run := range reporttest.All() {
		t.Run(run.Name, func(t *testing.T) {
			b.show(t, render(t, run.Result, nil))
			word := value[string](t, b, `document.querySelector(".verdict b").textContent`)
			if word == "" || !strings.Contains(value[string](t, b, `document.body.innerText`), ", so there is nothing to draw.") {
				t.Errorf("the page says %q, and nothing of that it has no call", word)
			}
			b.calm(t)
		})
	}
}
