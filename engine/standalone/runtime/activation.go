package runtime

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// Activation is what a process is told beside the arguments.
type Activation struct {
	ID          string
	Namespace   string
	ActionName  string // "/guest/pkg/name"
	Version     string
	Transaction string
	APIKey      string // empty unless the action may have it
	Deadline    time.Time
}

// Env is the activation as environment variables, laid over the action's own.
func (a Activation) Env(own map[string]string) map[string]string {
	env := map[string]string{
		"__OW_ACTIVATION_ID":  a.ID,
		"__OW_NAMESPACE":      a.Namespace,
		"__OW_ACTION_NAME":    a.ActionName,
		"__OW_ACTION_VERSION": a.Version,
		"__OW_TRANSACTION_ID": a.Transaction,
		"__OW_DEADLINE":       a.deadline(),
	}
	if a.APIKey != "" {
		env["__OW_API_KEY"] = a.APIKey
	}
	for k, v := range own {
		env[k] = v
	}
	return env
}

func (a Activation) deadline() string { return strconv.FormatInt(a.Deadline.UnixMilli(), 10) }

// line is the request as the process reads it. value must be valid JSON.
func (a Activation) line(value json.RawMessage) ([]byte, error) {
	rest, err := json.Marshal(struct {
		Namespace   string `json:"namespace"`
		ActionName  string `json:"action_name"`
		Version     string `json:"action_version"`
		ID          string `json:"activation_id"`
		Transaction string `json:"transaction_id"`
		Deadline    string `json:"deadline"`
		APIKey      string `json:"api_key,omitempty"`
	}{a.Namespace, a.ActionName, a.Version, a.ID, a.Transaction, a.deadline(), a.APIKey})
	if err != nil {
		return nil, err
	}
	if len(value) == 0 {
		value = json.RawMessage("{}")
	}
	line := make([]byte, 0, len(value)+len(rest)+16)
	line = append(line, `{"value":`...)
	line = append(line, value...)
	// A raw line break can only stand between the tokens of valid JSON, where a blank means the same.
	for tail := line; ; {
		i := bytes.IndexByte(tail, '\n')
		if i < 0 {
			break
		}
		tail[i] = ' '
		tail = tail[i+1:]
	}
	line = append(line, ',')
	line = append(line, rest[1:]...)
	return append(line, '\n'), nil
}
