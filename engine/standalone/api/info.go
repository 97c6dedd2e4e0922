package api

import (
	"net/http"

	"wsk-scenario/engine/standalone/entity"
)

func (h *Handler) getInfo(x *exchange) { x.answer(http.StatusOK, describe(h.cfg)) }

// describe is the answer to GET /. Its durations are in ms and its sizes in bytes, unlike everywhere else. OpenWhisk has no
// "missing": it is ours, for clients that want to say what to install.
func describe(cfg Config) any {
	return map[string]any{
		"missing":     missing(cfg.Rules.Runtimes()),
		"description": "OpenWhisk",
		"support": map[string]string{
			"github": "https://github.com/apache/openwhisk/issues",
			"slack":  "http://slack.openwhisk.org",
		},
		"api_paths": []string{apiPath},
		"limits":    systemLimits(cfg),
		"runtimes":  families(cfg.Rules.Runtimes()),
	}
}

func systemLimits(cfg Config) map[string]int64 {
	const mega = 1 << 20
	b, n := cfg.Rules.Bounds, cfg.Namespaces[0]
	limits := map[string]int64{
		"actions_per_minute":  int64(n.PerMinute),
		"triggers_per_minute": int64(n.FiresPerMinute),
		"concurrent_actions":  int64(n.Concurrent),
		"sequence_length":     int64(cfg.Rules.SequenceLength),
	}
	for _, prefix := range []string{"", "default_"} {
		limits[prefix+"min_action_duration"] = b.Min.Timeout
		limits[prefix+"max_action_duration"] = b.Max.Timeout
		limits[prefix+"min_action_memory"] = b.Min.Memory * mega
		limits[prefix+"max_action_memory"] = b.Max.Memory * mega
		limits[prefix+"min_action_logs"] = b.Min.Logs * mega
		limits[prefix+"max_action_logs"] = b.Max.Logs * mega
	}
	return limits
}

// kind is a runtime as GET / shows it.
type kind struct {
	Kind        string `json:"kind"`
	Image       string `json:"image"`
	Default     bool   `json:"default"`
	Deprecated  bool   `json:"deprecated"`
	Attached    bool   `json:"attached"`
	RequireMain bool   `json:"requireMain"`
}

// families shows only what can run here, so that a client that picks from it picks well.
func families(runtimes entity.Runtimes) map[string][]kind {
	m := map[string][]kind{}
	for _, r := range runtimes.Ready() {
		m[r.Family] = append(m[r.Family], kind{
			Kind: r.Kind, Image: r.Image, Default: r.Default, RequireMain: r.RequireMain,
		})
	}
	return m
}

// missing are the families that cannot run here, with what to install.
func missing(runtimes entity.Runtimes) map[string]string {
	m := map[string]string{}
	for _, r := range runtimes {
		if r.Missing != "" {
			m[r.Family] = r.Missing
		}
	}
	return m
}

func (h *Handler) getVersion(x *exchange) {
	x.answer(http.StatusOK, map[string]any{
		"description":      "OpenWhisk API",
		"api_version":      "1.0.0",
		"api_version_path": "v1",
		"build":            "standalone",
		"buildno":          "standalone",
		"swagger_paths":    map[string]string{"ui": "/docs", "api-docs": "/api-docs"},
	})
}

func (h *Handler) getPing(x *exchange) {
	x.w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	_, _ = x.w.Write([]byte("pong"))
}

func (h *Handler) getNamespaces(x *exchange) { x.answer(http.StatusOK, []string{x.who.Name}) }

var limitVerbs = verbs{http.MethodGet: (*Handler).getLimits}

// oneLimitVerbs say that there is no single limit to be read; OpenWhisk has the path, and nothing behind it.
var oneLimitVerbs = verbs{http.MethodGet: func(_ *Handler, x *exchange) {
	x.fail(http.StatusBadRequest, "Inner entity level routes for limits are not yet implemented.")
}}

func limitRoutes(_ *exchange, rest []string) verbs {
	if len(rest) > 0 {
		return oneLimitVerbs
	}
	return limitVerbs
}

// getLimits are the limits of the namespace, in the units of an action's own limits.
func (h *Handler) getLimits(x *exchange) {
	b := h.cfg.Rules.Bounds
	x.answer(http.StatusOK, map[string]int64{
		"invocationsPerMinute":  int64(x.who.PerMinute),
		"concurrentInvocations": int64(x.who.Concurrent),
		"firesPerMinute":        int64(x.who.FiresPerMinute),
		"minActionTimeout":      b.Min.Timeout,
		"maxActionTimeout":      b.Max.Timeout,
		"minActionMemory":       b.Min.Memory,
		"maxActionMemory":       b.Max.Memory,
		"minActionLogs":         b.Min.Logs,
		"maxActionLogs":         b.Max.Logs,
		"minActionConcurrency":  b.Min.Concurrency,
		"maxActionConcurrency":  b.Max.Concurrency,
	})
}

// getMetrics shows figures for Prometheus.
func (h *Handler) getMetrics(x *exchange) {
	if h.cfg.Metrics == nil {
		x.notFound()
		return
	}
	x.w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	if err := h.cfg.Metrics(x.w); err != nil {
		h.cfg.Log.Debug("write the metrics", "error", err) // the reader has gone
	}
}
