package run

import (
	"fmt"
	"testing"

	"wsk-scenario/engine/load"
)

func TestATransactionNamesPhaseUserAndOrdinal(t *testing.T) {
	var u user
	for _, c := range []load.Call{{}, {User: 1, Seq: 1}, {User: 15, Seq: 16}, {User: 0xabc, Seq: 0xfffffffffff}, {User: 0x12345, Seq: 1 << 50}} {
		if got, want := u.transaction("run00000007", c), fmt.Sprintf("run00000007%04x%012x", c.User, c.Seq); got != want {
			t.Errorf("user %d, call %d: %s, want %s", c.User, c.Seq, got, want)
		}
	}
}
