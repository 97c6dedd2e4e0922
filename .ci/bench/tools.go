package main

import (
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// auth is the guest of a fresh OpenWhisk.
const (
	user = "23bc46b1-71f6-4ed5-8c54-816aa4f8c502"
	key  = "123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP"
)

const path = "/api/v1/namespaces/_/actions/bench?blocking=true&result=false"

// tool is a load generator.
type tool struct {
	name string
	path string
	open bool // whether it has an open model
	args func(w work, lasts time.Duration, url, folder string) ([]string, error)
}

// find builds or looks for a tool. The versions of others are fixed: a figure is worth something only beside them.
func find(name, bin string) (tool, error) {
	bin, err := filepath.Abs(bin)
	if err != nil {
		return tool{}, err
	}
	install := func(module string) error {
		if _, err := os.Stat(filepath.Join(bin, name)); err == nil {
			return nil
		}
		cmd := exec.Command("go", "install", module)
		cmd.Env = append(os.Environ(), "GOBIN="+bin, "GOFLAGS=-mod=mod")
		cmd.Dir = os.TempDir()
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("install %s: %w\n%s", module, err, out)
		}
		return nil
	}
	t := tool{name: name, path: filepath.Join(bin, name)}
	switch name {
	case "wsk":
		t.open, t.args = true, ours
		out, err := exec.Command("go", "build", "-trimpath", "-o", t.path, "./cmd/wsk-scenario").CombinedOutput()
		if err != nil {
			return t, fmt.Errorf("%w\n%s", err, out)
		}
		return t, nil
	case "vegeta":
		t.open, t.args = true, vegeta
		return t, install("github.com/tsenart/vegeta/v12@v12.13.0")
	case "hey":
		t.args = hey
		return t, install("github.com/rakyll/hey@v0.1.5")
	case "fortio": // later ones need modules that the public proxy does not give
		t.args = fortio
		return t, install("fortio.org/fortio@v1.66.3")
	case "k6":
		t.open, t.args = true, k6
		return t, install("go.k6.io/k6@v1.8.1")
	case "autocannon":
		t.args = autocannon
		home, err := fromNPM(bin, "autocannon@8.0.0")
		t.path = filepath.Join(home, ".bin", name)
		return t, err
	case "owperf":
		home, err := fromNPM(bin, "openwhisk@3.21.9")
		t.args = func(w work, lasts time.Duration, url, folder string) ([]string, error) {
			return owperf(home, w, lasts, url, folder)
		}
		if err == nil {
			t.path, err = exec.LookPath("node")
		}
		return t, err
	case "wrk":
		t.args = wrk
		t.path, err = exec.LookPath("wrk")
		return t, err
	}
	return t, errors.New("there is no such tool")
}

// fromNPM installs a package, and returns the folder of modules. Where there is no npm, that is told as of any other tool that is
// missing.
func fromNPM(bin, pack string) (string, error) {
	home := filepath.Join(bin, "npm", "node_modules")
	name, _, _ := strings.Cut(pack, "@")
	if _, err := os.Stat(filepath.Join(home, name)); err == nil {
		return home, nil
	}
	out, err := exec.Command("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", filepath.Dir(home), pack).CombinedOutput()
	if err != nil {
		return home, fmt.Errorf("install %s: %w\n%s", name, err, out)
	}
	return home, nil
}

func ours(w work, lasts time.Duration, url, folder string) ([]string, error) {
	load := fmt.Sprintf("{users: %d, for: %s}", w.clients, lasts)
	if w.rate > 0 {
		load = fmt.Sprintf("{rate: %d/s, for: %s}", w.rate, lasts)
	}
	payloads, with := "", "{}"
	if w.body > 2 {
		payloads, with = fmt.Sprintf("payloads: {p: {size: %dB}}\n", w.body), "p"
	}
	scenario := fmt.Sprintf("name: bench\nactions: {bench: {code: bench.js, kind: \"nodejs:20\"}}\n%sphases: [{name: bench, invoke: bench, with: %s, load: %s}]\n",
		payloads, with, load)
	if _, err := write(folder, "bench.js", "exports.main = () => ({})\n"); err != nil {
		return nil, err
	}
	file, err := write(folder, "bench.yaml", scenario)
	return []string{"run", "--apihost", url, "--auth", user + ":" + key, file}, err
}

func body(w work, folder string) (string, error) {
	text := "{}"
	if w.body > 2 {
		const frame = `{"payload":""}`
		text = `{"payload":"` + strings.Repeat("0", w.body-len(frame)) + `"}`
	}
	return write(folder, "body", text)
}

func vegeta(w work, lasts time.Duration, url, folder string) ([]string, error) {
	file, err := body(w, folder)
	if err != nil {
		return nil, err
	}
	targets, err := write(folder, "targets", fmt.Sprintf("POST http://%s:%s@%s%s\nContent-Type: application/json\n@%s\n",
		user, key, strings.TrimPrefix(url, "http://"), path, file))
	args := []string{"attack", "-targets", targets, "-duration", lasts.String(), "-output", os.DevNull}
	if w.rate > 0 {
		return append(args, "-rate", strconv.Itoa(w.rate)), err
	}
	n := strconv.Itoa(w.clients)
	return append(args, "-rate", "0", "-workers", n, "-max-workers", n, "-connections", n), err
}

func hey(w work, lasts time.Duration, url, folder string) ([]string, error) {
	file, err := body(w, folder)
	return []string{"-z", lasts.String(), "-c", strconv.Itoa(w.clients), "-m", "POST", "-D", file, "-T", "application/json",
		"-a", user + ":" + key, url + path}, err
}

// fortio goes through its own fast client. Its load at a rate is no open model: a slow answer delays the next send.
func fortio(w work, lasts time.Duration, url, folder string) ([]string, error) {
	file, err := body(w, folder)
	return []string{"load", "-quiet", "-c", strconv.Itoa(w.clients), "-qps", "0", "-t", lasts.String(), "-content-type", "application/json",
		"-user", user + ":" + key, "-payload-file", file, url + path}, err
}

func k6(w work, lasts time.Duration, url, folder string) ([]string, error) {
	file, err := body(w, folder)
	if err != nil {
		return nil, err
	}
	executor := fmt.Sprintf(`executor: "constant-vus", vus: %d`, w.clients)
	if w.rate > 0 {
		executor = fmt.Sprintf(`executor: "constant-arrival-rate", rate: %d, timeUnit: "1s", preAllocatedVUs: %d, maxVUs: 1000`, w.rate, w.clients)
	}
	script, err := write(folder, "bench.js", fmt.Sprintf(`import http from "k6/http";
import encoding from "k6/encoding";
export const options = { discardResponseBodies: false, scenarios: { bench: { %s, duration: "%s", gracefulStop: "1s" } } };
const body = open(%q);
const params = { headers: { "Content-Type": "application/json", Authorization: "Basic " + encoding.b64encode("%s:%s") } };
export default function () { http.post(%q, body, params).json(); }
`, executor, lasts, file, user, key, url+path))
	return []string{"run", "--quiet", "--no-usage-report", script}, err
}

func autocannon(w work, lasts time.Duration, url, folder string) ([]string, error) {
	file, err := body(w, folder)
	credential := base64.StdEncoding.EncodeToString([]byte(user + ":" + key))
	return []string{"-c", strconv.Itoa(w.clients), "-d", strconv.Itoa(int(lasts.Seconds())), "-m", "POST", "-i", file, "-n",
		"-H", "Content-Type=application/json", "-H", "Authorization=Basic " + credential, url + path}, err
}

//go:embed owperf.js
var owperfLoop string

// owperf is not owperf itself, which would measure more than its clients, but the loop of these, in one process for all.
func owperf(modules string, w work, lasts time.Duration, url, folder string) ([]string, error) {
	file, err := body(w, folder)
	if err != nil {
		return nil, err
	}
	if err := os.Symlink(modules, filepath.Join(folder, "node_modules")); err != nil {
		return nil, err
	}
	script, err := write(folder, "owperf.js", owperfLoop)
	seconds := strconv.FormatFloat(lasts.Seconds(), 'f', -1, 64)
	return []string{script, url, user + ":" + key, strconv.Itoa(w.clients), seconds, file}, err
}

func wrk(w work, lasts time.Duration, url, folder string) ([]string, error) {
	file, err := body(w, folder)
	if err != nil {
		return nil, err
	}
	script, err := write(folder, "bench.lua", fmt.Sprintf(`wrk.method = "POST"
local f = io.open(%q); wrk.body = f:read("*all"); f:close()
wrk.headers["Content-Type"] = "application/json"
`, file))
	return []string{"-t", strconv.Itoa(min(2, w.clients)), "-c", strconv.Itoa(w.clients), "-d", strconv.Itoa(int(lasts.Seconds())) + "s", "-s", script, url + path}, err
}
