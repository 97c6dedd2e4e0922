package runtime

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// pour writes the parts as one stream into an open journal and returns the texts of its lines.
func pour(limit int64, failed bool, parts ...string) []string {
	var j journal
	l := lineSplitter{stream: "stdout"}
	j.begin(limit)
	for _, part := range parts {
		l.write(&j, time.Now(), []byte(part))
	}
	l.flush(&j, time.Now())
	lines := j.end(failed)
	for i := range lines {
		lines[i] = lines[i][31:] // behind the 30 characters of the time and the blank
	}
	return lines
}

func TestStreamsAreCutIntoLines(t *testing.T) {
	rows := []struct {
		name  string
		parts []string
		want  []string
	}{
		{"nothing", nil, nil},
		{"one line in three parts", []string{"a", "b", "c\n"}, []string{"stdout: abc"}},
		{"two lines and a half in one part", []string{"a\nb\nc"}, []string{"stdout: a", "stdout: b", "stdout: c"}},
		{"empty lines stay", []string{"\n\n"}, []string{"stdout: ", "stdout: "}},
		{"a line end of Windows", []string{"a\r\n"}, []string{"stdout: a"}},
		{"bytes that are no text", []string{"a\xffb\n"}, []string{"stdout: a\uFFFDb"}},
		{"a part that ends with the line", []string{"a\n", "b\n"}, []string{"stdout: a", "stdout: b"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := pour(1000, false, row.parts...); !slices.Equal(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestJournalsKeepTheirLimit(t *testing.T) {
	const cut = "stderr: Logs were truncated because the total bytes size exceeds the limit of 5 bytes."
	const note = "stderr: The action did not initialize or run as expected. Log data might be missing."
	rows := []struct {
		name   string
		limit  int64
		failed bool
		part   string
		want   []string
	}{
		{"exactly the limit", 5, false, "ab\ncde\n", []string{"stdout: ab", "stdout: cde"}},
		{"one byte more", 5, false, "ab\ncdef\n", []string{"stdout: ab", "stdout: cde", cut}},
		{"nothing after the cut", 5, false, "abcde\nf\ng\n", []string{"stdout: abcde", cut}},
		{"a failure is remarked after the cut", 5, true, "abcdef\n", []string{"stdout: abcde", cut, note}},
		{"no log at all", 0, true, "abc\n", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := pour(row.limit, row.failed, row.part); !slices.Equal(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// TestLinesWithoutTextAreBoundedToo has a log of empty lines, which take no byte of the limit.
func TestLinesWithoutTextAreBoundedToo(t *testing.T) {
	for _, row := range []struct {
		name      string
		limit     int64
		lines     int
		kept      int
		truncated bool
	}{
		{"a small log has its thousand lines", 5, 1000, 1000, false},
		{"and no more", 5, 5000, 1000, true},
		{"a large one has as many as fit", 1 << 20, 100_000, 1 << 20 / 64, true},
	} {
		got := pour(row.limit, false, strings.Repeat("\n", row.lines))
		last := got[len(got)-1]
		if cut := strings.Contains(last, "Logs were truncated"); cut != row.truncated {
			t.Errorf("%s: the last line is %q, want that it is cut: %v", row.name, last, row.truncated)
		} else if cut {
			got = got[:len(got)-1]
		}
		if len(got) != row.kept {
			t.Errorf("%s: got %d lines, want %d", row.name, len(got), row.kept)
		}
	}
}

func TestLinesOutsideOfActivationsAreDropped(t *testing.T) {
	var j journal
	l := lineSplitter{stream: "stdout"}
	l.write(&j, time.Now(), []byte("before\n"))
	j.begin(100)
	l.write(&j, time.Now(), []byte("inside\n"))
	lines := j.end(false)
	l.write(&j, time.Now(), []byte("after\n"))
	if len(lines) != 1 || !strings.HasSuffix(lines[0], "stdout: inside") {
		t.Errorf("got %q", lines)
	}
	if later := j.lines; len(later) != 0 {
		t.Errorf("a line came after the end: %q", later)
	}
}

func TestTimesAreThirtyCharactersWide(t *testing.T) {
	east := time.FixedZone("east", 3600)
	got := stamp(time.Date(2026, 1, 2, 3, 4, 5, 60, east), "stderr", "x")
	if want := "2026-01-02T02:04:05.000000060Z stderr: x"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
