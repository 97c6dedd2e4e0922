package run

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"

	"wsk-scenario/engine/plan"
)

// body makes the JSON body of a phase's calls. The same payload and seed give the same bytes.
func body(p plan.Payload, seed uint64) ([]byte, error) {
	switch {
	case p.File != "":
		return fileBody(p)
	case p.Size > 0:
		return filler(p, seed)
	case p.JSON != nil:
		return p.JSON, nil
	}
	return []byte("{}"), nil
}

// fileBody is {key: content, …}, with the further parameters of And.
func fileBody(p plan.Payload) ([]byte, error) {
	content, err := os.ReadFile(p.File)
	if err != nil {
		return nil, fmt.Errorf("read payload %s: %w", p.Name, err)
	}
	text := string(content)
	if p.Encode == "base64" {
		text = base64.StdEncoding.EncodeToString(content)
	}
	object := map[string]any{}
	if p.And != nil {
		if err := json.Unmarshal(p.And, &object); err != nil {
			return nil, fmt.Errorf("read payload %s: %w", p.Name, err)
		}
	}
	object[p.Key] = text
	return json.Marshal(object)
}

// letters are what fillers are made of: none is escaped in JSON, so that a letter is a byte.
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// filler is {key: "…"} of exactly Size bytes.
func filler(p plan.Payload, seed uint64) ([]byte, error) {
	key, err := json.Marshal(p.Key)
	if err != nil {
		return nil, fmt.Errorf("make payload %s: %w", p.Name, err)
	}
	frame := len(`{:""}`) + len(key)
	if p.Size < int64(frame) {
		return nil, fmt.Errorf("make payload %s: %d bytes are too few, the empty object with its key has %d", p.Name, p.Size, frame)
	}
	var b bytes.Buffer
	b.Grow(int(p.Size))
	b.WriteByte('{')
	b.Write(key)
	b.WriteString(`:"`)
	fill(&b, p.Fill, int(p.Size)-frame, seed)
	b.WriteString(`"}`)
	return b.Bytes(), nil
}

func fill(b *bytes.Buffer, how string, n int, seed uint64) {
	const words = "the quick brown fox jumps over the lazy dog and runs on "
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	for i := range n {
		switch how {
		case "random":
			b.WriteByte(letters[random.IntN(len(letters))])
		case "text":
			b.WriteByte(words[i%len(words)])
		default:
			b.WriteByte('0')
		}
	}
}
