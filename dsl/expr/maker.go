package expr

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Maker says how a value is made anew for every call: it is what seq, pick, distinct and random give. A maker is data; who
// sends the calls makes the values, from the seed of the run.
type Maker struct {
	// Call is the maker as one writes it, with its arguments filled in, such as pick(1, 1000).
	Call string `json:"call"`
	// How is seq, pick, distinct or random.
	How  string `json:"how"`
	Low  int    `json:"low,omitempty"`  // of pick and distinct, included; where seq begins
	High int    `json:"high,omitempty"` // of pick and distinct, included
	From []any  `json:"from,omitempty"` // what pick picks from, instead of a range
	Size int    `json:"size,omitempty"` // bytes of random text; random is a number in [0, 1) without it
}

// Piece is a stretch of a text: plain, or a maker.
type Piece struct {
	Text  string
	Maker *Maker
}

// What stands around a maker inside a text. Both are for private use and no one's letter.
const (
	opening = "\ue000wsk:"
	end     = "\ue001"
)

// mark is the maker as it stands in a filled-in text until the text is cut into pieces.
func (m Maker) mark() (any, error) {
	raw, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return opening + base64.RawURLEncoding.EncodeToString(raw) + end, nil
}

// Pieces cuts a filled-in text at its makers.
func Pieces(text string) (list []Piece) {
	for {
		before, rest, found := strings.Cut(text, opening)
		code, after, closed := strings.Cut(rest, end)
		raw, err := base64.RawURLEncoding.DecodeString(code)
		m := new(Maker)
		if !found || !closed || err != nil || json.Unmarshal(raw, m) != nil {
			if text != "" {
				list = append(list, Piece{Text: text})
			}
			return list
		}
		if before != "" {
			list = append(list, Piece{Text: before})
		}
		list, text = append(list, Piece{Maker: m}), after
	}
}

// Spoiled reports whether a function has changed what stands for a maker, so that it is lost.
func Spoiled(list []Piece) bool {
	return slices.ContainsFunc(list, func(p Piece) bool { return strings.Contains(strings.ToLower(p.Text), opening) })
}

// makers are the functions that make a value for every call.
var makers = map[string]function{
	"seq":      {"seq() or seq(from)", numbers(0, 1), func(a []any) (any, error) { return made("seq", a) }},
	"pick":     {"pick(low, high) or pick(list)", picked, func(a []any) (any, error) { return made("pick", a) }},
	"distinct": {"distinct(low, high)", numbers(2, 2), func(a []any) (any, error) { return made("distinct", a) }},
	"random":   {"random() or random(16B)", sized, func(a []any) (any, error) { return made("random", a) }},
}

// Makers are the names of the functions that make a value for every call.
func Makers() []string { return []string{"distinct", "pick", "random", "seq"} }

func numbers(low, high int) func([]*node) (Kind, string) {
	return func(args []*node) (Kind, string) {
		if len(args) < low || len(args) > high || slices.ContainsFunc(args, func(a *node) bool { return !a.is(Number) }) {
			return Fresh, "takes whole numbers"
		}
		return Fresh, ""
	}
}

func picked(args []*node) (Kind, string) {
	if len(args) == 1 && args[0].is(List) {
		return Fresh, ""
	}
	kind, complaint := numbers(2, 2)(args)
	if complaint != "" {
		complaint = "takes two whole numbers or a list"
	}
	return kind, complaint
}

func sized(args []*node) (Kind, string) {
	if len(args) > 1 || len(args) == 1 && !args[0].is(Size) {
		return Fresh, "takes a size or nothing"
	}
	return Fresh, ""
}

// pickable checks a list to pick from: its elements are there before the first call.
func pickable(list []any) error {
	if len(list) == 0 {
		return errors.New("the list is empty")
	}
	for _, item := range list {
		if text, ok := item.(string); ok && Spoiled([]Piece{{Text: text}}) {
			return errors.New("a value made for every call cannot be picked")
		}
	}
	return nil
}

// made is the mark of a maker with its arguments.
func made(how string, args []any) (any, error) {
	m := Maker{How: how}
	var shown []string
	for i, a := range args {
		shown = append(shown, show(a))
		switch v := a.(type) {
		case int:
			if i == 0 {
				m.Low = v
			} else {
				m.High = v
			}
		case Bytes:
			m.Size = int(v)
			if m.Size < 1 || m.Size > maxText {
				return nil, fmt.Errorf("%s is no size for a text", show(v))
			}
		case []any:
			m.From = v
			if err := pickable(v); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("%s is no whole number", show(a))
		}
	}
	if (how == "pick" || how == "distinct") && m.From == nil {
		if m.Low > m.High {
			return nil, fmt.Errorf("%d is above %d", m.Low, m.High)
		}
		if width := m.High - m.Low; width < 0 || width > 1<<53 {
			return nil, fmt.Errorf("from %d to %d are more numbers than there can be", m.Low, m.High)
		}
	}
	m.Call = how + "(" + strings.Join(shown, ", ") + ")"
	return m.mark()
}
