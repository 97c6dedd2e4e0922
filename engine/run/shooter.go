package run

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"wsk-scenario/engine/load"
	"wsk-scenario/engine/loop"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/secret"
	"wsk-scenario/engine/slo"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// shooter makes the calls of one phase and keeps their samples. Each user writes only its own.
type shooter struct {
	client      *whisk.Client
	secrets     *secret.Redactor
	anchor      time.Time
	timeout     time.Duration
	cold        bool
	remover     target.Remover // of the pods of actions, by which cold starts are forced; nil where updates force them
	update      whisk.Action   // what forces a cold start: a put that changes nothing but the version
	transaction string         // the first part of the phase's X-Request-IDs
	cell, phase int
	mix         *mix
	expect      *slo.Expectation // nil: whatever ends well is as expected
	witness     witness
	answers     bool // expect decides of every answer, whatever its status
	kept        kept // what came of the calls
	extracted   []extraction
	played      []plan.Played // which application of a population makes which call
	warmed      int           // calls ahead of them, which come one after the other
	made        *entities     // by the cell
	lost        int           // workers
	chain       bool          // what the result names is awaited
	repeat      int           // which pass of a repeated run; 0 when there is one only
	open        bool
	next        atomic.Int64 // the likely ordinal of the next call of an open load
	apart       int          // calls of an open load have ordinals so far apart here
	loop        *loop.Loop   // that the users are tasks of; nil for goroutines
	users       []*user
	base, step  int       // of the trial of a search: calls before it, and its number
	rates       []float64 // that a search has tried
	dropped     []int     // by step; of the goroutine that sends
	caller      func(ctx context.Context, i int) (*user, error)
	making      sync.Mutex // of users in an open load, and of dropped in a closed one

	// For people watching: what is over, and how long responses took.
	done, errors atomic.Int64
	responses    load.Lag
	schedule     load.Curve // of an open load whose rate is planned
}

func (r *runner) shooter(ctx context.Context, cell, index int, made *entities) (*shooter, error) {
	ph := &r.plan.Cells[cell].Phases[index]
	input := r.filled(ph.Payload)
	payload, err := body(input, r.plan.Seed)
	if err != nil {
		return nil, err
	}
	s := &shooter{
		client: r.client, secrets: r.opts.Secrets, anchor: r.anchor, timeout: ph.Timeout,
		cell: cell, repeat: r.plan.Cells[cell].Repeat, phase: index, made: made,
		transaction: fmt.Sprintf("%s%08x", r.id, r.begun),
		cold:        ph.Start == plan.ColdStart && !ph.ByCopies, update: whisk.Action{Annotations: r.ownership()},
		apart: max(1, r.share.Of), mix: newMix(ph.Mix, r.plan.Seed, index), played: ph.Load.Played, open: ph.Load.Open != nil,
		answers: ph.Request != nil || ph.Exec != nil, chain: ph.Await == "chain", extracted: extractions(ph.Extract),
		kept:    kept{bundle: r.bundle, waiting: backlog{bundle: r.bundle}},
		dropped: make([]int, max(1, len(ph.Load.Steps))), users: make([]*user, ph.Load.AtOnce()),
	}
	if ph.ByPods {
		s.remover, _ = r.opts.Target.(target.Remover)
	}
	r.begun++
	s.witness = r.witness(&r.plan.Cells[cell], ph)
	if s.expect, err = slo.NewExpectation(ph.Expect, r.plan, cell); err != nil {
		return nil, err
	}
	s.caller = func(ctx context.Context, i int) (*user, error) {
		return r.user(ctx, s, ph, i, payload, input.Parts, made)
	}
	for i := range s.users {
		if s.open {
			break // made as they are needed
		}
		if !r.share.Mine(i) {
			continue
		}
		if s.users[i], err = s.caller(ctx, i); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Prepare makes the body of the next call, and forces a cold start where the phase asks for one.
func (s *shooter) Prepare(ctx context.Context, user int) error {
	if err := s.kept.fault(); err != nil {
		return err
	}
	if err := s.present(ctx, user); err != nil {
		return err
	}
	if u := s.users[user]; u.maker != nil {
		u.make(s.likely(u))
	}
	if !s.cold {
		return nil
	}
	return s.chill(ctx, s.users[user].action)
}

// Drop counts a call that was due and could not be sent.
func (s *shooter) Drop(c load.Call) {
	s.dropped[c.Step+s.step]++
	s.done.Add(1)
}

// miss counts calls of a pace that were due and not sent. Many users of a closed load do.
func (s *shooter) miss(step, calls int) {
	s.making.Lock()
	defer s.making.Unlock()
	s.dropped[step] += calls
}

func (s *shooter) missed() (calls int) {
	for _, n := range s.dropped {
		calls += n
	}
	return calls
}

// Shoot sends the user's call and keeps the sample.
func (s *shooter) Shoot(ctx context.Context, c load.Call) {
	u := s.users[c.User]
	c.Seq, c.Step = c.Seq+s.base, c.Step+s.step
	transaction := u.transaction(s.transaction, c)
	which := s.mix.choose(c.User, c.Seq)
	if s.open {
		which = s.mix.choose(0, c.Seq)
	}
	if s.played != nil {
		which = s.playing(c)
	}
	if s.open {
		s.next.Store(int64(c.Seq + s.apart))
		if u.maker != nil && !u.ready(c.Seq) {
			u.make(c.Seq)
		}
	}
	answer := s.send(ctx, u.turn(which, s.ordinal(c)), u.body, transaction)
	sample := measure.Sample{
		Cell: s.cell, Repeat: s.repeat, Phase: s.phase, Warmup: c.Warmup, User: c.User, Seq: c.Seq, Step: c.Step, Due: c.Due, Transaction: transaction,
		Sent: answer.Sent.Sub(s.anchor), Done: answer.Done.Sub(s.anchor),
		Activation: answer.Activation, Outcome: measure.Outcome(answer.Class), Status: answer.Status,
		RequestBytes: u.bytes, ResponseBytes: answer.Bytes,
	}
	sample.Target = s.mix.name(which)
	if answer.Error != "" { // the secrets go before it is cut: half a secret is hard to know
		sample.Error = short(s.secrets.String(answer.Error))
	}
	if !answer.FirstByte.IsZero() {
		sample.FirstByte = answer.FirstByte.Sub(s.anchor)
	}
	attach(&sample, answer.Record, &u.records)
	s.witness.see(&sample, answer.Record)
	if answer.Record != nil {
		answer.Result = answer.Record.Result
	}
	s.extract(&sample, answer.Result)
	s.compare(&sample, answer)
	if s.chain && sample.Activation != "" { // its result is read once more, with what it names
		sample.Record = nil
	}
	s.keep(u, sample)
	s.done.Add(1)
	s.responses.Record(sample.Done - sample.Due)
	if sample.Outcome.IsError() {
		s.errors.Add(1)
	}
}

// compare holds a response that ended well against what the phase expects.
func (s *shooter) compare(sample *measure.Sample, answer whisk.Answer) {
	if s.expect == nil || answer.FirstByte.IsZero() {
		return
	}
	result := answer.Result
	switch {
	case s.answers: // what the answer shall be decides how it ended: an error may be what is expected
		sample.Outcome, sample.Error = measure.OK, ""
	case sample.Outcome != measure.OK || result == nil:
		return
	}
	response := responseOf(sample, result)
	response.Status, response.Bytes = answer.Status, answer.Bytes
	if why := s.expect.Unmet(response); why != "" {
		sample.Outcome, sample.Error = measure.Unexpected, short(s.secrets.String(why))
	}
}

// short makes of a text of an action or a server what may stand in a table's line: no line breaks, nothing that a terminal
// would obey, and not too long.
func short(text string) string {
	const most = 300
	text = strings.Join(strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) && c != ' ' }), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
