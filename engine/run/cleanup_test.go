package run

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestCleanUpRunsInReverseAndGoesOnAfterAnError(t *testing.T) {
	var order []string
	var c cleanup
	for _, name := range []string{"target", "action", "label"} {
		c.push("undo "+name, func(context.Context) error {
			order = append(order, name)
			if name == "action" {
				return errors.New("refused")
			}
			return nil
		})
	}
	err := c.unwind(t.Context())
	if !slices.Equal(order, []string{"label", "action", "target"}) || err == nil || !strings.Contains(err.Error(), "undo action: refused") {
		t.Errorf("order %v, error %v", order, err)
	}
	if err := c.unwind(t.Context()); err != nil || len(order) != 3 {
		t.Errorf("a second unwind did something: %v, %v", order, err)
	}
}
