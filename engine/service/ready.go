package service

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/engine/command"
	"wsk-scenario/engine/plan"
)

// How a service is asked whether it is ready.
const (
	askFirst = 10 * time.Millisecond // between the first questions
	askLater = 500 * time.Millisecond
	askFor   = 5 * time.Second // how long one question may take
)

// ready waits until the service says that it is ready, has ended, or takes too long.
func (s *Set) ready(ctx context.Context, one *service) error {
	if one.Ready == nil {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, one.Ready.Within)
	defer cancel()
	for wait := askFirst; ; wait = min(2*wait, askLater) {
		not := s.ask(limited, one)
		if not == nil {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-one.gone():
			timer.Stop()
			return one.ended()
		case <-limited.Done():
			timer.Stop()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("it was not ready within %v: %w\n%s", one.Ready.Within, not, lastLines(one.log.String(), 20))
		case <-timer.C:
		}
	}
}

// ask asks once. The error says what is missing.
func (s *Set) ask(ctx context.Context, one *service) error {
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	switch r := one.Ready; {
	case r.HTTP != "":
		return get(ctx, s.values.Text(r.HTTP))
	case r.TCP != "":
		return dial(ctx, s.values.Text(r.TCP))
	case r.Log != "" && one.At != nil: // nobody here sees its output
		return dial(ctx, net.JoinHostPort(one.At.Host, strconv.Itoa(one.At.Port)))
	case r.Log != "":
		if !strings.Contains(string(one.log.Bytes()), r.Log) {
			return fmt.Errorf("its output does not hold %q", r.Log)
		}
		return nil
	default:
		return one.check(ctx, r, s.values)
	}
}

func dial(ctx context.Context, address string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

func (one *service) check(ctx context.Context, r *plan.Ready, values Values) error {
	var out command.Output
	code, err := command.Command{Args: values.Texts(r.Command), Dir: one.Dir, Env: one.env}.Run(ctx, &out, &out)
	if err == nil && code != 0 {
		return fmt.Errorf("%s ended with exit code %d: %s", strings.Join(r.Command, " "), code, &out)
	}
	return err
}

// get asks an address for an answer with a status below 400. No proxy stands between this machine and its own service.
func get(ctx context.Context, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	if login := req.URL.User; login != nil { // a transport alone does not send it
		password, _ := login.Password()
		req.SetBasicAuth(login.Username(), password)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answers %s", req.URL.Redacted(), resp.Status)
	}
	return nil
}

// lastLines are the last lines of a text.
func lastLines(s string, n int) string {
	lines := strings.Split(s, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
