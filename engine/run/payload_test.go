package run

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"wsk-scenario/engine/plan"
)

func TestAFillerHasExactlyItsSize(t *testing.T) {
	for _, how := range []string{"zeros", "random", "text"} {
		for _, size := range []int64{14, 15, 100, 5000, 1 << 20} {
			p := plan.Payload{Size: size, Fill: how, Key: "payload"}
			got, err := body(p, 7)
			if err != nil || int64(len(got)) != size || !json.Valid(got) {
				t.Errorf("%s of %d bytes: %d bytes, valid %t, error %v", how, size, len(got), json.Valid(got), err)
			}
			if again, _ := body(p, 7); !bytes.Equal(got, again) {
				t.Errorf("%s of %d bytes: the same seed gave other bytes", how, size)
			}
		}
	}
	if one, _ := body(plan.Payload{Size: 100, Fill: "random", Key: "k"}, 1); true {
		if other, _ := body(plan.Payload{Size: 100, Fill: "random", Key: "k"}, 2); bytes.Equal(one, other) {
			t.Error("two seeds gave the same bytes")
		}
	}
	if _, err := body(plan.Payload{Size: 13, Key: "payload"}, 1); err == nil {
		t.Error("13 bytes cannot hold the key payload, but were made")
	}
}

func TestAFileBecomesAParameter(t *testing.T) {
	file := filepath.Join(t.TempDir(), "picture.bin")
	if err := os.WriteFile(file, []byte{0xff, 0x00, 'A'}, 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := body(plan.Payload{File: file, Encode: "base64", Key: "img", And: json.RawMessage(`{"w":170}`)}, 1)
	if want := `{"img":"/wBB","w":170}`; err != nil || string(got) != want {
		t.Errorf("got %s, error %v, want %s", got, err, want)
	}
}

func TestWithoutAPayloadAnEmptyObjectIsSent(t *testing.T) {
	if got, err := body(plan.Payload{}, 1); err != nil || string(got) != "{}" {
		t.Errorf("got %s, error %v", got, err)
	}
}
