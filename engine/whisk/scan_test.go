package whisk

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

const usual = `{"activationId":"4e3b2f1a9c8d4e7fb3b2f1a9c8d4e7fb","annotations":[{"key":"path","value":"guest/hello"},{"key":"waitTime","value":-3},
 {"key":"initTime","value":25},{"key":"kind","value":"nodejs:20"},{"key":"timeout","value":false},{"key":"limits","value":{"concurrency":1,"logs":10}},
 {"key":"standalone","value":{"node":"edge","container":"c7","start":"cold"}}],"duration":30,"end":1790000000030,"logs":["a\nb"],"name":"hello",
 "namespace":"guest","publish":false,"response":{"result":{"ok":true,"text":"gr\u00f6ße"},"size":12,"status":"success","success":true},"start":1790000000000,"version":"0.0.1"}`

// The scanner takes the records that OpenWhisk writes; without that it would be of no use.
func TestAUsualRecordIsScanned(t *testing.T) {
	for _, row := range []struct{ name, body string }{
		{"a cold one", usual},
		{"a failed one", strings.Replace(usual, `"status":"success"`, `"status":"action developer error"`, 1)},
		{"without annotations", `{"activationId":"a","start":1,"end":2,"duration":1,"response":{"status":"success","result":[]}}`},
		{"empty", `{}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			var scanned, parsed Record
			if !scanned.scan([]byte(row.body), true, new(words)) {
				t.Fatal("it was not taken")
			}
			if err := parsed.parse([]byte(row.body)); err != nil || !reflect.DeepEqual(scanned, parsed) {
				t.Errorf("scanned %+v, parsed %+v, error %v", scanned, parsed, err)
			}
		})
	}
}

// oddities are records that the scanner must leave to encoding/json, or read as it does.
var oddities = []string{
	usual[:len(usual)-1], usual + "}", usual + " ", "null", "[]", `"text"`, "", "{", `{"start":1.0}`, `{"start":1e3}`, `{"start":null}`, `{"start":"1"}`, `{"start":01}`,
	`{"start":1,"start":2}`, `{"Start":1}`, `{"START":1,"start":2}`, `{"st\u0061rt":1}`, `{"start":99999999999999999999}`, `{"start":-5}`, `{"start":-}`, `{"response":null}`,
	`{"response":{"status":"suc\u0063ess"}}`, `{"response":{"Status":"success"}}`, `{"response":{"status":null}}`, `{"annotations":null}`, `{"annotations":[null]}`,
	`{"annotations":[{"key":"waitTime","value":1},{"key":"waitTime","value":2}]}`, `{"annotations":[{"key":"waitTime","value":"x"}]}`, `{"annotations":[{"key":"waitTime"}]}`,
	`{"annotations":[{"key":"standalone","value":null}]}`, `{"annotations":[{"key":"standalone","value":{"Node":"x"}}]}`, `{"annotations":[{"key":"kind","value":7}]}`,
	`{"activationId":"\ud800"}`, "{\"activationId\":\"\xff\"}", "{\"activationId\":\"a\nb\"}", `{"a":[1,]}`, `{"a":1,}`, `{,}`, `{"a" 1}`, `{"a":tru}`, `{"a":"\x"}`, `{"a":"\u12"}`,
	strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300), `{"ſtart":5}`, `{"a":-0.5e+3, "end" : 7 }`,
}

func same(t *testing.T, body []byte) {
	t.Helper()
	var scanned, parsed Record
	if !scanned.scan(body, true, new(words)) {
		return // the long way decides
	}
	if err := parsed.parse(body); err != nil {
		t.Fatalf("scanned what encoding/json refuses (%v): %q", err, body)
	}
	if !bytes.Equal(bytes.TrimSpace(scanned.Result), bytes.TrimSpace(parsed.Result)) {
		t.Fatalf("result %q, want %q", scanned.Result, parsed.Result)
	}
	scanned.Result, parsed.Result = nil, nil
	if !reflect.DeepEqual(scanned, parsed) {
		t.Fatalf("scanned %+v, parsed %+v of %q", scanned, parsed, body)
	}
}

func TestOddRecordsAreReadAsEncodingJSONReadsThem(t *testing.T) {
	for _, body := range oddities {
		same(t, []byte(body))
	}
}

func FuzzScan(f *testing.F) {
	for _, body := range append(oddities, usual) {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) { same(t, body) })
}

func BenchmarkRecord(b *testing.B) {
	body := []byte(usual)
	b.Run("scanned", func(b *testing.B) {
		b.ReportAllocs()
		var known words
		for b.Loop() {
			var r Record
			if !r.scan(body, false, &known) {
				b.Fatal("not taken")
			}
		}
	})
	b.Run("parsed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var r Record
			if err := r.parse(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}
