// The program of the image that the tests run: it speaks OpenWhisk's runtime protocol and does what its code and its
// arguments say. Nothing else is in the image.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const sentinel = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX"

// state is what the container remembers: who it is and how often it ran.
type state struct {
	Began string            `json:"began"`
	Runs  int               `json:"runs"`
	Code  string            `json:"code"`
	Main  string            `json:"main"`
	Name  string            `json:"name"`
	Env   map[string]string `json:"env"`
}

// met is how many runs have come to the meeting.
var met atomic.Int64

// one guards what runs change.
var one sync.Mutex

var self = state{Began: time.Now().Format(time.RFC3339Nano)}

func main() {
	http.HandleFunc("POST /init", load)
	http.HandleFunc("POST /run", run)
	fmt.Fprintln(os.Stderr, http.ListenAndServe(":8080", nil))
	os.Exit(1)
}

// load does what the first word of the code says.
func load(w http.ResponseWriter, r *http.Request) {
	var body struct{ Value state }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		answer(w, 400, map[string]any{"error": err.Error()})
		return
	}
	self.Code, self.Main, self.Name, self.Env = body.Value.Code, body.Value.Main, body.Value.Name, body.Value.Env
	switch word, rest, _ := strings.Cut(self.Code, " "); word {
	case "refuse":
		fmt.Println("this code is refused")
		end()
		answer(w, 502, map[string]any{"error": rest})
	case "puzzle":
		end()
		w.WriteHeader(502)
	case "exit":
		fmt.Println("leaving")
		os.Exit(1)
	case "hang":
		time.Sleep(time.Hour)
	default:
		answer(w, 200, map[string]any{"OK": true})
	}
}

// run does what the arguments say.
func run(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Value map[string]any
	}
	raw, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(raw, &body); err != nil {
		answer(w, 400, map[string]any{"error": err.Error()})
		return
	}
	one.Lock()
	self.Runs++
	one.Unlock()
	text := func(key string) string { s, _ := body.Value[key].(string); return s }
	number := func(key string) int { n, _ := body.Value[key].(float64); return int(n) }
	if say := text("say"); say != "" {
		fmt.Print(say)
		fmt.Fprint(os.Stderr, "err: "+say)
	}
	if ms := number("sleep"); ms > 0 {
		time.Sleep(time.Duration(ms) * time.Millisecond)
	}
	if body.Value["mute"] == nil {
		defer end()
	}
	switch text("do") {
	case "meet": // waits until so many runs are here
		met.Add(1)
		for wait := 0; met.Load() < int64(number("n")) && wait < 3000; wait++ {
			time.Sleep(10 * time.Millisecond)
		}
		answer(w, 200, map[string]any{"met": met.Load(), "began": self.Began, "allowed": os.Getenv("__OW_ALLOW_CONCURRENT")})
	case "busy": // a container that has run before takes no more
		status := 200
		if self.Runs > 1 {
			status = 503
		}
		answer(w, status, map[string]any{"began": self.Began})
	case "exit":
		os.Exit(1)
	case "hog":
		hog(number("mb"))
		answer(w, 200, self)
	case "read":
		file, err := os.ReadFile(text("file"))
		answer(w, 200, map[string]any{"text": string(file), "missing": err != nil})
	case "answer": // so many bytes of this, with this status
		raw, status := []byte(text("text")), number("status")
		if status == 0 {
			status = 200
		}
		if n := number("bytes"); n > 0 {
			raw = []byte(`{"x":"` + strings.Repeat("x", n-8) + `"}`)
		}
		if body.Value["chunked"] != nil {
			w.(http.Flusher).Flush()
		} else {
			w.Header().Set("Content-Length", fmt.Sprint(len(raw)))
		}
		w.WriteHeader(status)
		w.Write(raw)
	case "told": // what the request was, beside its value
		var told map[string]any
		_ = json.Unmarshal(raw, &told)
		delete(told, "value")
		told["host"] = os.Getenv("__OW_API_HOST")
		answer(w, 200, told)
	default:
		answer(w, 200, self)
	}
}

// end is written after each activation.
func end() {
	fmt.Println(sentinel)
	fmt.Fprintln(os.Stderr, sentinel)
}

func answer(w http.ResponseWriter, status int, body any) {
	raw, _ := json.Marshal(body)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(raw)))
	w.WriteHeader(status)
	w.Write(raw)
}

// hog touches so many MB.
func hog(mb int) {
	var kept [][]byte
	for range mb {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		kept = append(kept, block)
	}
	fmt.Fprint(io.Discard, len(kept))
}
