package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The description promises what the server does: each of its requests has a route, every route of a path is described, and
// it needs no credentials.
func TestDescriptionIsTrue(t *testing.T) {
	f := serve(t, defaults())
	got := f.must(t, "GET /api/v1/api-docs", "Authorization", "")
	var described struct {
		Swagger, BasePath string
		Paths             map[string]map[string]struct {
			Summary    string
			Tags       []string
			Parameters []struct{ Name, In string }
			Responses  map[string]struct{ Description string }
		}
	}
	if err := json.Unmarshal([]byte(got.body), &described); err != nil || described.Swagger != "2.0" || described.BasePath != "/api/v1" {
		t.Fatalf("got %v, version %q under %q", err, described.Swagger, described.BasePath)
	}
	if len(described.Paths) != 15 {
		t.Errorf("it has %d paths, want 15", len(described.Paths))
	}
	fill := strings.NewReplacer("{namespace}", "_", "{id}", strings.Repeat("0", 32), "{package}", "p", "{name}", "n")
	for path, methods := range described.Paths {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete, http.MethodPatch} {
			said, is := methods[strings.ToLower(method)]
			reply := f.call(t, method+" /api/v1"+fill.Replace(path))
			if is != (reply.status != http.StatusMethodNotAllowed) || strings.Contains(reply.body, noRoute) {
				t.Errorf("%s %s is described: %v, and the server says %d %s", method, path, is, reply.status, reply.body)
			}
			if is && (said.Summary == "" || len(said.Tags) != 1 || len(said.Responses) < 4 || said.Responses["401"].Description == "") {
				t.Errorf("%s %s is described as %+v", method, path, said)
			}
		}
	}
	invoke := described.Paths["/namespaces/{namespace}/actions/{name}"]["post"].Parameters
	for _, name := range []string{"namespace", "name", "blocking", "result", "timeout", "body"} {
		if !slices.ContainsFunc(invoke, func(p struct{ Name, In string }) bool { return p.Name == name }) {
			t.Errorf("to invoke has no parameter %q: %v", name, invoke)
		}
	}
	row{do: "PUT of the description", status: 405}.judge(t, f.call(t, "PUT /api/v1/api-docs {}"))
}
