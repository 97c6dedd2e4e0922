package load

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

// traceNames is what the columns before the minutes are called in the schema of the Azure Functions trace.
var traceNames = [...]string{"HashOwner", "HashApp", "HashFunction", "Trigger"}

// TraceRow is one function of a trace.
type TraceRow struct {
	Owner, App, Function, Trigger string
	PerMinute                     []int // invocations, minute by minute
}

// TraceError is a fault of a trace file, with its place.
type TraceError struct {
	Line, Column int // from 1; Column counts bytes
	Problem      string
}

func (e *TraceError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Problem)
}

// byteOrderMark stands before the text in files of some spreadsheets.
const byteOrderMark = "\ufeff"

// ReadTrace reads invocations per minute in the schema of the Azure Functions trace: a heading line, then a line for each
// function with its counts. A fault of the text is a *TraceError.
func ReadTrace(r io.Reader) ([]TraceRow, error) {
	text := bufio.NewReader(r)
	if mark, err := text.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		_, _ = text.Discard(len(byteOrderMark)) // they are in the buffer
	}
	lines := csv.NewReader(text)
	lines.ReuseRecord = true
	minutes, err := traceHeading(lines)
	if err != nil {
		return nil, err
	}
	var rows []TraceRow
	for {
		fields, err := lines.Read()
		switch {
		case err == io.EOF && len(rows) == 0:
			return nil, &TraceError{Line: 2, Column: 1, Problem: "the trace has no function below its heading"}
		case err == io.EOF:
			return rows, nil
		case err != nil:
			return nil, traceFault(err)
		}
		row := TraceRow{Owner: fields[0], App: fields[1], Function: fields[2], Trigger: fields[3], PerMinute: make([]int, minutes)}
		for i := range row.PerMinute {
			if row.PerMinute[i], err = traceCount(lines, fields, len(traceNames)+i); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
}

// traceHeading reads the first line and returns how many minutes it names.
func traceHeading(lines *csv.Reader) (int, error) {
	fields, err := lines.Read()
	if err == io.EOF {
		return 0, &TraceError{Line: 1, Column: 1, Problem: "the trace is empty"}
	}
	if err != nil {
		return 0, traceFault(err)
	}
	for i, name := range traceNames {
		if i >= len(fields) {
			return 0, &TraceError{Line: 1, Column: 1, Problem: fmt.Sprintf("the heading has no column %s", name)}
		}
		if fields[i] != name {
			return 0, placed(lines, i, fmt.Sprintf("column %d is called %q, not %s", i+1, fields[i], name))
		}
	}
	for i, field := range fields[len(traceNames):] {
		if field != strconv.Itoa(i+1) {
			return 0, placed(lines, len(traceNames)+i, fmt.Sprintf("minute %d is called %q, not %d", i+1, field, i+1))
		}
	}
	if len(fields) == len(traceNames) {
		return 0, &TraceError{Line: 1, Column: 1, Problem: "the heading has no minutes"}
	}
	return len(fields) - len(traceNames), nil
}

func traceCount(lines *csv.Reader, fields []string, i int) (int, error) {
	n, err := strconv.Atoi(fields[i])
	if err != nil || n < 0 || n > math.MaxInt32 {
		return 0, placed(lines, i, fmt.Sprintf("%q is no count of invocations", fields[i]))
	}
	return n, nil
}

func placed(lines *csv.Reader, field int, problem string) error {
	line, column := lines.FieldPos(field)
	return &TraceError{Line: line, Column: column, Problem: problem}
}

// traceFault gives a fault of the CSV itself its place; what the reader below could not do stays what it is.
func traceFault(err error) error {
	var fault *csv.ParseError
	if !errors.As(err, &fault) {
		return fmt.Errorf("read trace: %w", err)
	}
	column := max(1, fault.Column)
	if errors.Is(fault.Err, csv.ErrFieldCount) {
		return &TraceError{Line: fault.Line, Column: column, Problem: "the line has another number of columns than the heading"}
	}
	return &TraceError{Line: fault.Line, Column: column, Problem: fault.Err.Error()}
}

// PerMinute is the calls of each minute of all rows together. A scale of 0.1 keeps every tenth call.
func PerMinute(rows []TraceRow, scale float64) (calls []float64) {
	for _, row := range rows {
		for i, n := range row.PerMinute {
			if i == len(calls) {
				calls = append(calls, 0)
			}
			calls[i] += float64(n) * scale
		}
	}
	return calls
}

// Minutes is the curve of so many calls in each minute.
func Minutes(calls []float64) Curve {
	curve := make(Curve, len(calls))
	for i, n := range calls {
		rate := Rate(n / time.Minute.Seconds())
		curve[i] = Stretch{From: rate, To: rate, For: time.Minute}
	}
	return curve
}
