package main

import (
	"os"
	"testing"
	"time"
)

// The server of a turn is this program again.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		main()
	}
	os.Exit(m.Run())
}

// What is measured beside others balances its books on the server that all are measured on.
func TestOursIsMeasured(t *testing.T) {
	t.Chdir("../..")
	bin := t.TempDir()
	if _, err := find("wsk", bin); err != nil {
		t.Fatal(err)
	}
	for _, work := range []string{"1 connection", "open model, 500/s"} {
		if err := bench(1, time.Second, []string{"wsk"}, bin, work); err != nil {
			t.Error(err)
		}
	}
}
