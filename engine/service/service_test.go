package service

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/plan"
)

// started starts services on this machine and stops them after the test.
func started(t *testing.T, specs ...plan.Service) (*Set, error) {
	t.Helper()
	s := &Set{Host: "127.0.0.1"}
	t.Cleanup(func() {
		if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	for _, spec := range specs {
		if err := s.Start(t.Context(), spec); err != nil {
			return s, err
		}
	}
	return s, nil
}

func spec(name, command string, ready *plan.Ready) plan.Service {
	if ready != nil && ready.Within == 0 {
		ready.Within = time.Minute
	}
	return plan.Service{Name: name, Command: []string{command}, Ready: ready}
}

func TestAServiceIsReadyWhenItSaysSo(t *testing.T) {
	one := spec("one", `echo "listening on $PORT as $WHO"; exec sleep 600`, &plan.Ready{Log: "listening on"})
	one.Env = []string{"WHO=me"}
	one.Values = []plan.ServiceValue{{Name: "url", Value: json.RawMessage(`"http://${{ services.one.host }}:${{ services.one.port }}"`)}}
	two := spec("two", "exec sleep 600", &plan.Ready{Command: []string{"test ${{ services.one.url }} = http://127.0.0.1:${{ services.one.port }}"}})
	s, err := started(t, one, two)
	if err != nil {
		t.Fatal(err)
	}
	port := s.Values().Text("${{ services.one.port }}")
	if got, want := s.Logs()["one"], "listening on "+port+" as me"; got != want {
		t.Errorf("it wrote %q, want %q", got, want)
	}
	got := string(s.Values().JSON(json.RawMessage(`{"url":"${{ services.one.url }}/db","port":"${{ services.one.port }}"}`)))
	if want := `{"url":"http://127.0.0.1:` + port + `/db","port":` + port + `}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := s.Alive(); err != nil {
		t.Error(err)
	}
}

func TestWhatIsWrongWithAServiceIsSaid(t *testing.T) {
	for _, row := range []struct {
		name string
		spec plan.Service
		want string
	}{
		{"there is no such program", plan.Service{Name: "x", Command: []string{"no-such-program", "y"}}, "no-such-program"},
		{"it ends before it is ready", spec("x", "echo no licence; exit 3", &plan.Ready{Log: "ready"}), "service x ended by itself, exit status 3:\nno licence"},
		{"it is not ready in time", spec("x", "echo warming up; exec sleep 600", &plan.Ready{TCP: "127.0.0.1:1", Within: time.Second}), "it was not ready within 1s"},
		{"its check fails", spec("x", "exec sleep 600", &plan.Ready{Command: []string{"echo no pong; false"}, Within: 5 * time.Second}), "no pong"},
		{"it cannot be seeded", plan.Service{Name: "x", Command: []string{"exec sleep 600"}, Seed: []string{"echo no table; exit 4"}, Reset: "scenario"},
			"seed service x: exit code 4:\nno table"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := started(t, row.spec); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

func TestAServiceIsSeededAsOftenAsItSays(t *testing.T) {
	for _, row := range []struct {
		reset string
		seeds int
	}{{"scenario", 1}, {"cell", 2}, {"phase", 4}} {
		t.Run(row.reset, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "seeds")
			one := plan.Service{Name: "x", Command: []string{"exec sleep 600"}, Seed: []string{"echo seed >> " + file}, Reset: row.reset}
			s, err := started(t, one)
			if err != nil {
				t.Fatal(err)
			}
			for _, often := range []string{"cell", "phase", "phase", "cell", "phase", "phase"} {
				if err := s.Reset(t.Context(), often); err != nil {
					t.Fatal(err)
				}
			}
			text, _ := os.ReadFile(file)
			if got := strings.Count(string(text), "seed"); got != row.seeds {
				t.Errorf("seeded %d times, want %d", got, row.seeds)
			}
		})
	}
}

func TestAServiceThatDiedIsNoticed(t *testing.T) {
	s, err := started(t, spec("x", "echo out of memory; exit 9", nil))
	if err != nil {
		t.Fatal(err)
	}
	<-s.started[0].running.Ended()
	if err := s.Alive(); err == nil || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("got %v", err)
	}
}
