package protocol

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestStartsAreTenAtATimeAndOfAMinuteEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, began := NewStarts(), time.Now()
		ended := make(chan error)
		for range parallelStarts + 1 {
			go func() {
				ended <- s.Run(t.Context(), func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
			}()
		}
		for i := range parallelStarts + 1 {
			err := <-ended
			want := time.Minute
			if i == parallelStarts {
				want *= 2 // it had to wait for its turn
			}
			if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != want {
				t.Errorf("start %d ended after %v with %v; want the end of its time after %v", i, took, err, want)
			}
		}
	})
}

func TestAStartThatNobodyWaitsForAnyMoreSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := NewStarts().Run(ctx, func(context.Context) error { cancel(); return errors.New("the engine hung up") })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v; want that it was cancelled", err)
	}
	full := NewStarts()
	for range cap(full) {
		full <- struct{}{}
	}
	if err := full.Run(ctx, func(context.Context) error { t.Error("it was not its turn"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v; want that it was cancelled", err)
	}
}
