package protocol

import (
	"context"
	"time"
)

// OpenWhisk's own bounds of the starts of containers.
const (
	StartTime      = time.Minute // of one
	parallelStarts = 10          // at a time
)

// Starts bounds how many containers are started at a time, and how long each may take.
type Starts chan struct{}

// NewStarts returns it with nothing started.
func NewStarts() Starts { return make(Starts, parallelStarts) }

// Run calls start when it is its turn, and bounds it. When ctx has ended, that is the error.
func (s Starts) Run(ctx context.Context, start func(context.Context) error) error {
	select {
	case s <- struct{}{}:
		defer func() { <-s }()
	case <-ctx.Done():
		return ctx.Err()
	}
	bounded, cancel := context.WithTimeout(ctx, StartTime)
	defer cancel()
	err := start(bounded)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
