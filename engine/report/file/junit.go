package file

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"wsk-scenario/engine/report/content"
)

// The elements of the JUnit format as Jenkins, GitLab and GitHub's readers take it.
type (
	suites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Time     string   `xml:"time,attr"`
		Suites   []*suite `xml:"testsuite"`
	}
	suite struct {
		Name       string     `xml:"name,attr"`
		Tests      int        `xml:"tests,attr"`
		Failures   int        `xml:"failures,attr"`
		Errors     int        `xml:"errors,attr"`
		Skipped    int        `xml:"skipped,attr"`
		Time       string     `xml:"time,attr"`
		Timestamp  string     `xml:"timestamp,attr,omitempty"`
		Properties []property `xml:"properties>property"`
		Cases      []testcase `xml:"testcase"`
	}
	property struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	testcase struct {
		Name    string  `xml:"name,attr"`
		Class   string  `xml:"classname,attr"`
		Time    string  `xml:"time,attr"`
		Skipped *said   `xml:"skipped"`
		Error   *fault  `xml:"error"`
		Failure *fault  `xml:"failure"`
		Out     *output `xml:"system-out"`
	}
	said struct {
		Message string `xml:"message,attr"`
	}
	fault struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	output struct {
		Text string `xml:",chardata"`
	}
)

// JUnit writes a test suite for the run and one for each cell: a test case for each phase and each assertion. A red verdict
// is a failure, or an error where there was nothing to judge; a warning is skipped, which is seen and fails nothing. The
// case of the run itself is there always, so that a file is never empty.
func JUnit(w io.Writer, r *content.Report) error {
	all := suites{Name: r.Scenario, Time: seconds(r.Seconds), Suites: []*suite{runSuite(r)}}
	for c := range r.Cells {
		all.Suites = append(all.Suites, cellSuite(r, c))
	}
	for _, s := range all.Suites {
		s.count()
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
	}
	return all.write(w)
}

func (s suites) write(w io.Writer) error {
	text, err := xml.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%s%s\n", xml.Header, text); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	return nil
}

// runSuite has the case of the run: did it come to its end, and do the books balance.
func runSuite(r *content.Report) *suite {
	s := newSuite(r, r.Scenario)
	for _, f := range r.Facts {
		s.Properties = append(s.Properties, property{f.Name, f.Value})
	}
	end := testcase{Name: "the run came to its end", Class: r.Scenario, Time: seconds(r.Seconds)}
	end.Out = lines(append([]string{r.Books.Text()}, r.Notes...))
	switch r.Verdict.Word {
	case content.Broken:
		end.Error = &fault{r.Verdict.Text, "broken", strings.Join(r.Problems, "\n")}
	case content.Interrupted:
		end.Error = &fault{"the run was interrupted", "interrupted", strings.Join(r.Problems, "\n")}
	}
	s.Cases = append(s.Cases, end)
	return s
}

func newSuite(r *content.Report, name string) *suite {
	return &suite{Name: name, Time: "0", Timestamp: r.Started.Format("2006-01-02T15:04:05"), Properties: []property{
		{"run", r.Run}, {"plan", r.Plan.Fingerprint}, {"target", r.Target}}}
}

func cellSuite(r *content.Report, c int) *suite {
	id := r.Cells[c].ID
	s, class := newSuite(r, r.Scenario+" ["+id+"]"), r.Scenario+"."+id
	total := 0.0
	for i := range r.Phases {
		if p := &r.Phases[i]; p.Cell == c {
			s.Cases = append(s.Cases, phaseCase(p, class))
			total += p.Window
		}
	}
	s.Time = seconds(total)
	met := map[string]int{}
	for i := range r.Assertions {
		if a := &r.Assertions[i]; a.Cell == c {
			made := assertionCase(r, a, class)
			if met[made.Name]++; met[made.Name] > 1 { // readers keep one case of a name
				made.Name += fmt.Sprintf(" [%d]", met[made.Name])
			}
			s.Cases = append(s.Cases, made)
		}
	}
	return s
}

func phaseCase(p *content.Phase, class string) testcase {
	c := testcase{Name: "phase " + p.Name, Class: class, Time: seconds(p.Window), Out: lines(figures(p))}
	switch p.State {
	case content.NotReached, content.CutOff:
		c.Error = &fault{string(p.State) + ": " + p.Reason, string(p.State), ""}
	case content.Limited:
		c.Skipped = &said{string(p.State) + ": " + p.Reason}
	}
	return c
}

// figures are a line for each metric that the default table shows.
func figures(p *content.Phase) []string {
	if p.State == content.NotReached {
		return nil
	}
	text := []string{fmt.Sprintf("%s: %d ok, %s", p.Load, int(p.Counters["ok"]), content.Count(p.Errors(), "error"))}
	for _, name := range content.Staged {
		if m := p.All().Metric(name); m != nil {
			text = append(text, fmt.Sprintf("%s: n %d, p50 %s, p95 %s, p99 %s", name, m.N,
				content.PercentileText(m, "p50"), content.PercentileText(m, "p95"), content.PercentileText(m, "p99")))
		}
	}
	return text
}

func assertionCase(r *content.Report, a *content.Assertion, class string) testcase {
	c := testcase{Name: a.Expect, Class: class, Time: "0"}
	if a.Across != "" {
		c.Name += " (" + a.Combination + ")"
	}
	why := a.Label() + ": " + a.Why()
	switch {
	case a.Held():
		c.Out = lines([]string{a.Why()})
	case !a.Red:
		c.Skipped = &said{why}
	case a.Failed():
		c.Failure = &fault{a.Why(), "assertion", a.Where}
	default:
		c.Error = &fault{why, a.Status, a.Where}
	}
	return c
}

func (s *suite) count() {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
}

func lines(text []string) *output {
	if len(text) == 0 || len(text) == 1 && text[0] == "" {
		return nil
	}
	return &output{strings.Join(text, "\n")}
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
