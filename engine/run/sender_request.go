package run

import (
	"context"
	"net/http"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// requests sends HTTP requests.
type requests struct {
	client  *whisk.Client
	request *whisk.Request
	body    []byte
}

func (q requests) send(ctx context.Context, body []byte, transaction string) whisk.Answer {
	if body == nil {
		body = q.body
	}
	return q.client.Send(ctx, q.request, body, transaction)
}

// requestsOf are the requests of a phase: one for each copy of its action.
func (r *runner) requestsOf(ctx context.Context, ph *plan.Phase, made *entities, payload []byte) ([]sender, error) {
	values, wanted := r.values, ph.Request
	var to []*whisk.Request
	if wanted.Path != "" {
		request, err := r.client.PathOf(values.Text(wanted.Path))
		if err != nil {
			return nil, err
		}
		to = append(to, request)
	} else {
		namespace, err := r.client.Namespace(ctx)
		if err != nil {
			return nil, err
		}
		for _, name := range made.names(wanted.Action) {
			pkg, action, packaged := strings.Cut(name, "/")
			if !packaged {
				pkg, action = "", name
			}
			to = append(to, r.client.WebAction(namespace, pkg, action, wanted.Extension))
		}
	}
	senders := make([]sender, len(to))
	for i, request := range to {
		request.Method, request.Within, request.Header = wanted.Method, ph.Timeout, http.Header{}
		for _, line := range values.Texts(wanted.Headers) {
			name, value, _ := strings.Cut(line, ": ")
			request.Header.Set(name, value)
		}
		senders[i] = requests{r.client, request, payload}
	}
	return senders, nil
}
