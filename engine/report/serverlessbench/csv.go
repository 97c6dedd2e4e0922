package serverlessbench

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"wsk-scenario/engine/result"
)

// CSV writes the moments of every call that ended well and met the start that its phase asks for, in milliseconds of the epoch, as the file result.csv has them:
// invokeTime, startTime where a phase extracts start, and endTime. Where there are several phases or cells, each row says of
// which it is in two columns more.
func CSV(w io.Writer, r *result.Result, samples Samples) error {
	list, err := tests(r, samples)
	if err != nil {
		return err
	}
	starts := slices.ContainsFunc(list, (*test).extracts)
	head := []string{"invokeTime"}
	if starts {
		head = append(head, "startTime")
	}
	head = append(head, "endTime")
	if len(list) > 1 {
		head = append(head, "phase", "cell")
	}
	buffer := bufio.NewWriter(w)
	out := csv.NewWriter(buffer)
	rows := [][]string{head}
	for _, t := range list {
		for _, c := range t.calls {
			rows = append(rows, t.row(c, starts, len(list) > 1))
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write ServerlessBench's CSV: %w", err)
	}
	if err := buffer.Flush(); err != nil {
		return fmt.Errorf("write ServerlessBench's CSV: %w", err)
	}
	return nil
}

// row is that of a call; a start that is not known is empty.
func (t *test) row(c call, starts, several bool) []string {
	row := []string{strconv.FormatInt(c.invoked, 10)}
	if starts {
		started := ""
		if c.started != 0 {
			started = strconv.FormatInt(c.started, 10)
		}
		row = append(row, started)
	}
	row = append(row, strconv.FormatInt(c.ended, 10))
	if several {
		row = append(row, t.phase.Name, t.cell)
	}
	return row
}
