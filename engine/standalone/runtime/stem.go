package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
)

// Stem is a process that was started before it is known what it will run.
type Stem struct {
	*Process
	set    *Set
	folder string
}

// Prewarm starts the launcher of a kind in a place and does not wait for it. Kinds whose code is part of the program that
// is started cannot be prewarmed.
func (s *Set) Prewarm(ctx context.Context, place Place, kind Kind) (*Stem, error) {
	if err := s.Prepare(ctx, kind); err != nil {
		return nil, err
	}
	l, ok := s.languages[kind.Family].(prewarmer)
	if !ok {
		return nil, fmt.Errorf("containers of %s cannot be started ahead: what is started is the action itself", kind.Name)
	}
	args, err := l.launcher()
	if err != nil {
		return nil, err
	}
	p, err := s.host.launch(program{args: args, ack: true}, place, s.host.environment(nil, place.Folder), noLog)
	if err != nil {
		return nil, err
	}
	return &Stem{Process: p, set: s, folder: place.Folder}, nil
}

// Init puts the code into the folder and has it loaded. A *Failure is the action's fault; after any error the process has
// been killed and is there for its log alone.
func (s *Stem) Init(ctx context.Context, code Code, logLimit int64) error {
	s.OpenLog(logLimit)
	err := s.load(ctx, code)
	if err != nil {
		s.signal()
		<-s.exited
	}
	return err
}

func (s *Stem) load(ctx context.Context, code Code) error {
	if err := checkVariables(code.Env); err != nil {
		return err
	}
	l := s.set.languages[code.Kind.Family].(prewarmer)
	launcher, err := l.launcher()
	if err != nil {
		return err
	}
	prog, err := l.program(ctx, s.folder, code)
	if err != nil {
		return err
	}
	s.actionLoop = prog.actionLoop
	env := maps.Clone(code.Env)
	delete(env, folderMark)
	line, err := json.Marshal(map[string]any{"args": prog.args[len(launcher):], "env": env})
	if err != nil {
		return fmt.Errorf("encode the first line of a container: %w", err)
	}
	if _, err := s.in.Write(append(line, '\n')); err != nil {
		return s.because(errDiedInInit)
	}
	return s.begin(ctx, code)
}
