package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/reporttest"
)

// read back, by the names of the columns.
type call struct {
	CellID     string   `parquet:"cell_id"`
	Lang       string   `parquet:"axis_lang"`
	Phase      string   `parquet:"phase"`
	Seq        int64    `parquet:"seq"`
	Warmup     bool     `parquet:"warmup"`
	Due        int64    `parquet:"due_ns"`
	FirstByte  *int64   `parquet:"first_byte_ns"`
	Outcome    string   `parquet:"outcome"`
	Activation *string  `parquet:"activation"`
	Error      *string  `parquet:"error"`
	Response   *float64 `parquet:"response_s"`
	Init       *float64 `parquet:"init_s"`
	Stretch    *float64 `parquet:"stretch"`
}

// calls are samples that have what a sample can have, and lack what it can lack.
func calls() []measure.Sample {
	init := int64(40)
	return []measure.Sample{
		{Cell: 1, Phase: 0, Seq: 0, Warmup: true, Due: 1, Sent: 2, FirstByte: 3, Done: 4, Outcome: measure.OK, Status: 200, Temperature: measure.Cold},
		{Cell: 1, Phase: 0, Seq: 1, Due: time.Second, Sent: time.Second, FirstByte: 2 * time.Second, Done: 2 * time.Second, Outcome: measure.OK,
			Status: 200, Activation: "0123456789abcdef0123456789abcdef", Temperature: measure.Cold,
			Record: &measure.Record{Start: 1_782_909_000_000, End: 1_782_909_000_500, Duration: 500, Init: &init}},
		{Cell: 2, Phase: 1, Seq: 2, Due: 3 * time.Second, Sent: 3 * time.Second, Done: 4 * time.Second, Outcome: measure.Network,
			Error: "connection refused", Temperature: measure.Unknown},
	}
}

func TestEverySampleComesBackFromParquet(t *testing.T) {
	var out bytes.Buffer
	err := Parquet(&out, report(reporttest.Passed()), func(each func(*measure.Sample) error) error {
		for _, s := range calls() {
			if err := each(&s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.Read[call](bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 {
		t.Fatalf("%d rows came back, want 3", len(rows))
	}
	warmup, ok, failed := rows[0], rows[1], rows[2]
	if !warmup.Warmup || warmup.Due != 1 {
		t.Errorf("the warm-up came back as %+v", warmup)
	}
	if ok.CellID != "node=cloud,lang=nodejs" || ok.Lang != "nodejs" || ok.Phase != "cold" || *ok.Activation != "0123456789abcdef0123456789abcdef" {
		t.Errorf("the call came back as %+v", ok)
	}
	if *ok.Response != 1 || *ok.Init != .04 || *ok.Stretch != 2 {
		t.Errorf("its metrics are response %v, init %v, stretch %v; want 1, 0.04 and 2", *ok.Response, *ok.Init, *ok.Stretch)
	}
	if failed.FirstByte != nil || failed.Response != nil || failed.Init != nil || failed.Activation != nil || *failed.Error != "connection refused" {
		t.Errorf("the failed call came back as %+v", failed)
	}
}

// The golden file of the binary format is its schema, and each row as its values.
func TestEveryColumnOfParquetIsAsItsGoldenFile(t *testing.T) {
	for name, samples := range map[string][]measure.Sample{"calls": calls(), "no-calls": nil} {
		var out bytes.Buffer
		err := Parquet(&out, report(reporttest.Passed()), func(each func(*measure.Sample) error) error {
			for i := range samples {
				if err := each(&samples[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		file, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		text := file.Schema().String() + "\n"
		for _, group := range file.RowGroups() {
			rows := group.Rows()
			for {
				some := make([]parquet.Row, 1)
				n, err := rows.ReadRows(some)
				if n > 0 {
					text += fmt.Sprintf("%v\n", some[0])
				}
				if errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
			if err := rows.Close(); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, name+".parquet.txt", text)
	}
}

func TestAFaultOfTheSamplesIsToldByParquet(t *testing.T) {
	fault := errors.New("damaged")
	err := Parquet(new(bytes.Buffer), report(reporttest.Passed()), func(func(*measure.Sample) error) error { return fault })
	if !errors.Is(err, fault) {
		t.Errorf("the error is %v, want %v", err, fault)
	}
}
