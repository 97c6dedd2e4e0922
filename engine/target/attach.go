package target

import (
	"context"

	"wsk-scenario/engine/whisk"
)

// Attach is an OpenWhisk that runs already, whoever started it.
func Attach(access whisk.Access) Target { return attached{access} }

type attached struct{ access whisk.Access }

func (a attached) Name() string { return "an OpenWhisk that was there" }

func (a attached) Up(context.Context) (whisk.Access, error) { return a.access, nil }

func (a attached) Facts() []Fact { return []Fact{{"target", "attached"}, {"API host", a.access.Host}} }

func (a attached) Down(context.Context) error { return nil }
