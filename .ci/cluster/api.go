package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// api asks the API server the few things that its starter waits for.
type api struct {
	server, token string
	client        *http.Client
}

// newAPI trusts the certificate that the API server has made for itself.
func newAPI(server, token, certificate string) (*api, error) {
	text, err := os.ReadFile(certificate)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate", certificate)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	return &api{server: server, token: token, client: &http.Client{Transport: transport}}, nil
}

// get asks for a path; any other status than 200 is an error with the server's words.
func (a *api) get(ctx context.Context, path string) ([]byte, error) {
	return a.do(ctx, http.MethodGet, path, nil)
}

func (a *api) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, a.server+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, strings.TrimSpace(string(text)))
	}
	return text, err
}

// nodesReady fails while not all of some nodes are ready, and says why.
func (a *api) nodesReady(ctx context.Context, nodes []Node) error {
	text, err := a.get(ctx, "/api/v1/nodes")
	if err != nil {
		return err
	}
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Status   struct {
				Conditions []struct{ Type, Status, Message string }
			}
		}
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	state := map[string]string{} // empty when it is ready
	for _, n := range list.Items {
		for _, c := range n.Status.Conditions {
			if c.Type == "Ready" {
				state[n.Metadata.Name] = c.Message
				if c.Status == "True" {
					state[n.Metadata.Name] = ""
				}
			}
		}
	}
	var why []error
	for _, n := range nodes {
		if message, registered := state[n.Name]; !registered {
			why = append(why, fmt.Errorf("%s has not registered", n.Name))
		} else if message != "" {
			why = append(why, fmt.Errorf("%s: %s", n.Name, message))
		}
	}
	return errors.Join(why...)
}
