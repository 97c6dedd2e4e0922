// Package service owns the programs that actions need beside OpenWhisk, such as a database: it starts them on a free port,
// waits until they are ready, seeds them, and stops them with all that they started. It knows nothing of OpenWhisk.
package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/engine/command"
	"wsk-scenario/engine/plan"
)

// Set is the services of one run, in the order started. It is for one goroutine; the zero value has none.
type Set struct {
	Host    string            // the address of this machine, as the actions reach it
	Logins  map[string]string // USER:PASSWORD of services that are there already, by name
	started []*service
	values  Values
}

// service is one that was started.
type service struct {
	plan.Service
	running *command.Running // nil where somebody else runs it
	log     *command.Output
	env     []string
}

// seedWithin bounds one run of a seed.
const seedWithin = 10 * time.Minute

// Start starts a service, unless it is there already, and returns when it is ready and, where it is seeded once, seeded. What it uses of other services is
// of those that were started before it.
func (s *Set) Start(ctx context.Context, spec plan.Service) error {
	at, err := s.address(spec)
	if err != nil {
		return fmt.Errorf("find a port for service %s: %w", spec.Name, err)
	}
	port := strconv.Itoa(at.Port)
	s.values.set(spec.Name, "host", text(at.Host))
	s.values.set(spec.Name, "port", json.RawMessage(port))
	s.values.set(spec.Name, "login", text(s.login(spec)))
	for _, v := range spec.Values {
		s.values.set(spec.Name, v.Name, s.values.JSON(v.Value))
	}
	one := &service{Service: spec, log: &command.Output{Most: 1 << 20}}
	one.env = append(s.values.Texts(spec.Env), "PORT="+port, "HOST="+at.Host)
	if spec.At == nil {
		cmd := command.Command{Args: s.values.Texts(spec.Command), Dir: spec.Dir, Env: one.env}
		if one.running, err = cmd.Start(ctx, one.log); err != nil {
			return fmt.Errorf("service %s: %w", spec.Name, err)
		}
	}
	s.started = append(s.started, one)
	if err := s.ready(ctx, one); err != nil {
		return fmt.Errorf("service %s: %w", spec.Name, err)
	}
	if spec.Reset == "scenario" {
		return s.seed(ctx, one)
	}
	return nil
}

// address is where the service listens already, or a free port of this machine for it.
func (s *Set) address(spec plan.Service) (plan.Address, error) {
	if spec.At != nil {
		return *spec.At, nil
	}
	port, err := freePort()
	return plan.Address{Host: s.Host, Port: port}, err
}

// login is what stands before the host in an address of the service: nothing, or its credentials.
func (s *Set) login(spec plan.Service) string {
	user, password, known := strings.Cut(s.Logins[spec.Name], ":")
	if spec.At == nil || !known {
		return ""
	}
	return url.UserPassword(user, password).String() + "@"
}

// freePort is a port that nobody listens on now. It is none of those that systems give to connections, from 32768 on: another
// program could get it so in the time until the service listens.
func freePort() (port int, err error) {
	for range 100 {
		port = 20_000 + rand.IntN(10_000)
		var listener net.Listener
		if listener, err = net.Listen("tcp", ":"+strconv.Itoa(port)); err == nil {
			return port, listener.Close()
		}
	}
	return 0, err
}

// Reset seeds the services that are seeded so often: at each cell, or at each phase.
func (s *Set) Reset(ctx context.Context, often string) error {
	for _, one := range s.started {
		if one.Reset == often {
			if err := s.seed(ctx, one); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Set) seed(ctx context.Context, one *service) error {
	limited, cancel := context.WithTimeout(ctx, seedWithin)
	defer cancel()
	var out command.Output
	code, err := command.Command{Args: s.values.Texts(one.Seed), Dir: one.Dir, Env: one.env}.Run(limited, &out, &out)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("seed service %s: %w", one.Name, err)
	case code != 0:
		return fmt.Errorf("seed service %s: exit code %d:\n%s", one.Name, code, &out)
	}
	return nil
}

// Alive says which service has ended by itself, with the end of what it wrote.
func (s *Set) Alive() error {
	for _, one := range s.started {
		select {
		case <-one.gone():
			return one.ended()
		default:
		}
	}
	return nil
}

// gone is closed when the service has ended by itself; never, where somebody else runs it.
func (one *service) gone() <-chan struct{} {
	if one.running == nil {
		return nil
	}
	return one.running.Ended()
}

func (one *service) ended() error {
	how := "ended by itself"
	if err := one.running.Status(); err != nil {
		how += ", " + err.Error()
	}
	return fmt.Errorf("service %s %s:\n%s", one.Name, how, lastLines(one.log.String(), 20))
}

// Stop stops all services that were started here, the last first.
func (s *Set) Stop(ctx context.Context) error {
	var failed []error
	for _, one := range slices.Backward(s.started) {
		if one.running == nil {
			continue
		}
		if err := one.running.Stop(ctx); err != nil {
			failed = append(failed, fmt.Errorf("stop service %s: %w", one.Name, err))
		}
	}
	return errors.Join(failed...)
}

// Logs are the ends of what the services wrote, by their names.
func (s *Set) Logs() map[string]string {
	logs := map[string]string{}
	for _, one := range s.started {
		if one.running != nil {
			logs[one.Name] = one.log.String()
		}
	}
	return logs
}

// Values are what the services gave so far.
func (s *Set) Values() Values { return s.values }
