package load

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

const traceHead = "HashOwner,HashApp,HashFunction,Trigger,1,2,3\n"

func TestATraceIsReadFunctionByFunction(t *testing.T) {
	got, err := ReadTrace(strings.NewReader(traceHead + "o,a,f,http,1,0,12\no,a,g,timer,0,7,0\n"))
	want := []TraceRow{{"o", "a", "f", "http", []int{1, 0, 12}}, {"o", "a", "g", "timer", []int{0, 7, 0}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}

func TestATraceOfASpreadsheetMayBeginWithAMark(t *testing.T) {
	got, err := ReadTrace(strings.NewReader("\ufeff" + strings.ReplaceAll(traceHead+"o,a,f,http,1,0,12\n", "\n", "\r\n")))
	if err != nil || len(got) != 1 || got[0].PerMinute[2] != 12 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAFaultOfATraceHasItsPlace(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"nothing at all", "", "line 1, column 1: the trace is empty"},
		{"only a heading", traceHead, "line 2, column 1: the trace has no function below its heading"},
		{"another heading", "HashOwner,App,HashFunction,Trigger,1\n", `line 1, column 11: column 2 is called "App", not HashApp`},
		{"a short heading", "HashOwner,HashApp\n", "line 1, column 1: the heading has no column HashFunction"},
		{"no minutes", "HashOwner,HashApp,HashFunction,Trigger\n", "line 1, column 1: the heading has no minutes"},
		{"a missing minute", "HashOwner,HashApp,HashFunction,Trigger,1,3\n", `line 1, column 42: minute 2 is called "3", not 2`},
		{"a word for a count", traceHead + "o,a,f,http,1,0,12\no,a,f,http,1,many,12\n", `line 3, column 14: "many" is no count of invocations`},
		{"less than nothing", traceHead + "o,a,f,http,-1,0,12\n", `line 2, column 12: "-1" is no count of invocations`},
		{"a line too short", traceHead + "o,a,f,http,1,0\n", "line 2, column 1: the line has another number of columns than the heading"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := ReadTrace(strings.NewReader(row.text))
			var fault *TraceError
			if !errors.As(err, &fault) || err.Error() != row.want {
				t.Errorf("got %v, want %s", err, row.want)
			}
		})
	}
	broken := errors.New("disk gone")
	if _, err := ReadTrace(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a file that cannot be read: got %v, want %v", err, broken)
	}
}
