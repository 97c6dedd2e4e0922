package file

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/content"
)

// Samples goes through all samples of a run, with their ids.
type Samples func(each func(*measure.Sample) error) error

// rowGroup is how many samples lie in memory at a time.
const rowGroup = 64 << 10

// Parquet writes every sample as a row: warm-up, errors and all. Moments of the client are nanoseconds since the run began
// (the file's key wsk.anchor says when), those of the record are as OpenWhisk has them; a value that is not known is null.
// Each axis of the matrix is a column axis_NAME.
func Parquet(w io.Writer, r *content.Report, samples Samples) error {
	schema := parquet.NewSchema("sample", sampleColumns(r))
	out := parquet.NewWriter(w, schema, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("wsk-scenario", r.Tool, ""),
		parquet.KeyValueMetadata("wsk.scenario", r.Scenario), parquet.KeyValueMetadata("wsk.run", r.Run),
		parquet.KeyValueMetadata("wsk.plan", r.Plan.Fingerprint),
		parquet.KeyValueMetadata("wsk.anchor", strconv.FormatInt(r.Started.UnixNano(), 10)))
	place := map[string]int{}
	for i, path := range schema.Columns() {
		place[path[0]] = i
	}
	row := rowMaker{report: r, place: place, width: len(place)}
	batch := make([]parquet.Row, 0, 1024)
	written := 0
	flush := func() error {
		if _, err := out.WriteRows(batch); err != nil {
			return err
		}
		written += len(batch)
		batch = batch[:0]
		if written >= rowGroup {
			written = 0
			return out.Flush()
		}
		return nil
	}
	err := samples(func(s *measure.Sample) error {
		if batch = append(batch, row.of(s)); len(batch) == cap(batch) {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

// sampleColumns are the columns with their types.
func sampleColumns(r *content.Report) parquet.Group {
	text := parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	whole, flag := parquet.Int(64), parquet.Leaf(parquet.BooleanType)
	g := parquet.Group{
		"cell": whole, "cell_id": text, "repeat": whole, "phase": text, "warmup": flag, "user": whole, "seq": whole, "step": whole,
		"level": whole, "target": parquet.Optional(text), "due_ns": whole, "sent_ns": whole, "first_byte_ns": parquet.Optional(whole), "done_ns": whole,
		"completed_ns": parquet.Optional(whole), "activation": parquet.Optional(parquet.String()),
		"transaction": parquet.Optional(parquet.String()), "outcome": text, "status": parquet.Optional(whole),
		"error": parquet.Optional(text), "start_ms": parquet.Optional(whole), "end_ms": parquet.Optional(whole),
		"temperature": text, "proof": parquet.Optional(text), "node": parquet.Optional(text), "container": parquet.Optional(text), "place": parquet.Optional(text), "extracted": parquet.Optional(parquet.String()),
		"request_bytes": whole, "response_bytes": whole,
	}
	for _, m := range measure.Metrics {
		g[metricColumn(m.Name)] = parquet.Optional(parquet.Leaf(parquet.DoubleType))
	}
	for _, a := range r.Plan.Axes {
		g["axis_"+a.Name] = text
	}
	return g
}

// metricColumn names the column of a metric, in seconds but for plain numbers.
func metricColumn(metric string) string {
	if metric == "stretch" {
		return metric
	}
	return metric + "_s"
}

// rowMaker makes rows of samples. Text that repeats is written from one place.
type rowMaker struct {
	report *content.Report
	place  map[string]int // of a column
	width  int
}

func (m *rowMaker) of(s *measure.Sample) parquet.Row {
	row := make(parquet.Row, m.width)
	for i := range row {
		row[i] = parquet.NullValue().Level(0, 0, i)
	}
	set := func(name string, v parquet.Value) { row[m.place[name]] = v.Level(0, 0, m.place[name]) }
	may := func(name string, v parquet.Value, known bool) {
		if known {
			row[m.place[name]] = v.Level(0, 1, m.place[name])
		}
	}
	whole := func(n int) parquet.Value { return parquet.Int64Value(int64(n)) }
	words := func(text string) (parquet.Value, bool) { return parquet.ByteArrayValue([]byte(text)), text != "" }
	text := func(name, value string) { v, _ := words(value); set(name, v) }
	maybe := func(name, value string) { v, known := words(value); may(name, v, known) }

	cell := m.report.Cells[s.Cell]
	set("cell", whole(s.Cell))
	text("cell_id", cell.ID)
	for i, a := range m.report.Plan.Axes {
		text("axis_"+a.Name, cell.Values[i])
	}
	set("repeat", whole(s.Repeat))
	text("phase", m.phase(s))
	set("warmup", parquet.BooleanValue(s.Warmup))
	set("user", whole(s.User))
	set("seq", whole(s.Seq))
	set("step", whole(s.Step))
	set("level", whole(s.Level))
	maybe("target", s.Target)
	set("due_ns", parquet.Int64Value(int64(s.Due)))
	set("sent_ns", parquet.Int64Value(int64(s.Sent)))
	may("first_byte_ns", parquet.Int64Value(int64(s.FirstByte)), s.FirstByte != 0)
	set("done_ns", parquet.Int64Value(int64(s.Done)))
	may("completed_ns", parquet.Int64Value(int64(s.Completed)), s.Completed != 0)
	maybe("activation", s.Activation)
	maybe("transaction", s.Transaction)
	text("outcome", string(s.Outcome))
	may("status", whole(s.Status), s.Status != 0)
	maybe("error", s.Error)
	if s.Record != nil {
		may("start_ms", parquet.Int64Value(s.Record.Start), true)
		may("end_ms", parquet.Int64Value(s.Record.End), true)
	}
	text("temperature", string(s.Temperature))
	maybe("proof", s.Proof)
	maybe("node", s.Node)
	maybe("container", s.Container)
	maybe("place", string(s.Place))
	if len(s.Extracted) > 0 { // names and values as JSON: there may be several of each
		if list, err := json.Marshal(s.Extracted); err == nil {
			maybe("extracted", string(list))
		}
	}
	set("request_bytes", whole(s.RequestBytes))
	set("response_bytes", whole(s.ResponseBytes))
	m.metrics(s, may)
	return row
}

func (m *rowMaker) metrics(s *measure.Sample, may func(string, parquet.Value, bool)) {
	for _, metric := range measure.Metrics {
		v, known := metric.Of(s)
		if metric.Name != "stretch" {
			v /= 1e9
		}
		may(metricColumn(metric.Name), parquet.DoubleValue(v), known)
	}
}

// phase is the name of the phase that a sample is of.
func (m *rowMaker) phase(s *measure.Sample) string {
	for i := range m.report.Phases {
		if p := &m.report.Phases[i]; p.Cell == s.Cell && p.Phase == s.Phase {
			return p.Name
		}
	}
	return strconv.Itoa(s.Phase)
}
