package api

import (
	"net/http"
	"strconv"
	"strings"
)

// operation is one request that the API knows, for who reads its description.
type operation struct {
	method, path string
	does         string
	query        string // its parameters, separated by blanks
	body         bool
	statuses     string // beside those of all
}

const (
	listing = "limit skip count"
	written = "200 400 409 413"
)

// operations are the API under /api/v1 as its description tells it.
var operations = []operation{
	{"get", "/namespaces", "names the namespace of the caller", "", false, "200"},
	{"get", "/namespaces/{namespace}/limits", "tells the limits of the namespace", "", false, "200"},
	{"get", "/namespaces/{namespace}/actions", "lists actions", listing, false, "200 400"},
	{"get", "/namespaces/{namespace}/actions/{name}", "reads an action", "code", false, "200 404"},
	{"put", "/namespaces/{namespace}/actions/{name}", "creates or updates an action", "overwrite", true, written},
	{"post", "/namespaces/{namespace}/actions/{name}", "invokes an action", "blocking result timeout", true, "200 202 400 404 413 429 500 502 503"},
	{"delete", "/namespaces/{namespace}/actions/{name}", "deletes an action", "", false, "200 404"},
	{"get", "/namespaces/{namespace}/actions/{package}/{name}", "reads an action of a package", "code", false, "200 404"},
	{"put", "/namespaces/{namespace}/actions/{package}/{name}", "creates or updates an action of a package", "overwrite", true, written},
	{"post", "/namespaces/{namespace}/actions/{package}/{name}", "invokes an action of a package", "blocking result timeout", true, "200 202 400 404 413 429 500 502 503"},
	{"delete", "/namespaces/{namespace}/actions/{package}/{name}", "deletes an action of a package", "", false, "200 404"},
	{"get", "/namespaces/{namespace}/packages", "lists packages", listing, false, "200 400"},
	{"get", "/namespaces/{namespace}/packages/{name}", "reads a package", "", false, "200 404"},
	{"put", "/namespaces/{namespace}/packages/{name}", "creates or updates a package or a binding", "overwrite", true, written},
	{"delete", "/namespaces/{namespace}/packages/{name}", "deletes a package", "force", false, "200 404 409"},
	{"get", "/namespaces/{namespace}/triggers", "lists triggers", listing, false, "200 400"},
	{"get", "/namespaces/{namespace}/triggers/{name}", "reads a trigger", "", false, "200 404"},
	{"put", "/namespaces/{namespace}/triggers/{name}", "creates or updates a trigger", "overwrite", true, written},
	{"post", "/namespaces/{namespace}/triggers/{name}", "fires a trigger", "", true, "202 204 404 413 429"},
	{"delete", "/namespaces/{namespace}/triggers/{name}", "deletes a trigger", "", false, "200 404"},
	{"get", "/namespaces/{namespace}/rules", "lists rules", listing, false, "200 400"},
	{"get", "/namespaces/{namespace}/rules/{name}", "reads a rule", "", false, "200 404"},
	{"put", "/namespaces/{namespace}/rules/{name}", "creates or updates a rule", "overwrite", true, written},
	{"post", "/namespaces/{namespace}/rules/{name}", "makes a rule active or inactive", "", true, "200 400 404"},
	{"delete", "/namespaces/{namespace}/rules/{name}", "deletes a rule", "", false, "200 404"},
	{"get", "/namespaces/{namespace}/activations", "lists activations", listing + " name since upto docs", false, "200 400"},
	{"get", "/namespaces/{namespace}/activations/{id}", "reads the record of an activation", "", false, "200 400 404"},
	{"get", "/namespaces/{namespace}/activations/{id}/logs", "reads the log of an activation", "", false, "200 400 404"},
	{"get", "/namespaces/{namespace}/activations/{id}/result", "reads the result of an activation", "", false, "200 400 404"},
}

// Parts of a description in the form of Swagger 2.0.
type (
	swagger struct {
		Swagger  string                               `json:"swagger"`
		Info     map[string]string                    `json:"info"`
		BasePath string                               `json:"basePath"`
		Consumes []string                             `json:"consumes"`
		Produces []string                             `json:"produces"`
		Security []map[string][]string                `json:"security"`
		Schemes  map[string]map[string]string         `json:"securityDefinitions"`
		Paths    map[string]map[string]swaggerRequest `json:"paths"`
	}
	swaggerRequest struct {
		Summary    string                       `json:"summary"`
		Tags       []string                     `json:"tags"`
		Parameters []swaggerParameter           `json:"parameters"`
		Responses  map[string]map[string]string `json:"responses"`
	}
	swaggerParameter struct {
		Name     string            `json:"name"`
		In       string            `json:"in"`
		Required bool              `json:"required"`
		Type     string            `json:"type,omitempty"`
		Schema   map[string]string `json:"schema,omitempty"`
	}
)

// description is the whole of it.
func description() swagger {
	d := swagger{
		Swagger: "2.0", BasePath: apiPath,
		Info:     map[string]string{"title": "OpenWhisk REST API", "version": "1.0.0"},
		Consumes: []string{"application/json"}, Produces: []string{"application/json"},
		Security: []map[string][]string{{"basicAuth": {}}},
		Schemes:  map[string]map[string]string{"basicAuth": {"type": "basic"}},
		Paths:    map[string]map[string]swaggerRequest{},
	}
	for _, o := range operations {
		if d.Paths[o.path] == nil {
			d.Paths[o.path] = map[string]swaggerRequest{}
		}
		d.Paths[o.path][o.method] = o.describe()
	}
	return d
}

func (o operation) describe() swaggerRequest {
	words := strings.Split(strings.Trim(o.path, "/"), "/")
	r := swaggerRequest{
		Summary: o.does, Tags: []string{words[min(2, len(words)-1)]}, Parameters: []swaggerParameter{},
		Responses: map[string]map[string]string{},
	}
	for _, word := range words {
		if name, is := strings.CutPrefix(word, "{"); is {
			r.Parameters = append(r.Parameters, swaggerParameter{Name: strings.TrimSuffix(name, "}"), In: "path", Required: true, Type: "string"})
		}
	}
	for _, name := range strings.Fields(o.query) {
		r.Parameters = append(r.Parameters, swaggerParameter{Name: name, In: "query", Type: "string"})
	}
	if o.body {
		r.Parameters = append(r.Parameters, swaggerParameter{Name: "body", In: "body", Schema: map[string]string{"type": "object"}})
	}
	for _, status := range append(strings.Fields(o.statuses), "401", "403", "405") {
		code, _ := strconv.Atoi(status) // they are numbers above
		r.Responses[status] = map[string]string{"description": http.StatusText(code)}
	}
	return r
}

// getDescription describes the API to programs.
func (h *Handler) getDescription(x *exchange) { x.answer(http.StatusOK, description()) }
