package plan

import (
	"bytes"
	"encoding/json"
	"strings"

	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// made cuts the JSON of a payload into parts where some of it is made anew for every call. What JSON then shows is the
// makers as they are written.
func (b *builder) made(p Payload, n *syntax.Node) Payload {
	pieces := expr.Pieces(string(p.JSON))
	if expr.Spoiled(pieces) {
		b.diags.Errorf(n.Range, "something is computed from a value that is made for every call").
			Hint = "such a value stands alone or inside of a text"
	}
	if !hasMaker(pieces) {
		return p
	}
	distinct := make(map[[2]int]int)
	var shown bytes.Buffer
	for i, piece := range pieces {
		if piece.Maker == nil {
			shown.WriteString(piece.Text)
			p.Parts = append(p.Parts, Part{Text: piece.Text})
			continue
		}
		text, err := json.Marshal("${{ " + piece.Maker.Call + " }}")
		if err != nil {
			b.diags.Errorf(n.Range, "%s: %v", piece.Maker.Call, err)
		}
		shown.Write(bytes.Trim(text, `"`))
		p.Parts = append(p.Parts, Part{Make: piece.Maker, Inside: !alone(pieces, i)})
		if m := piece.Maker; m.How == "distinct" {
			key := [2]int{m.Low, m.High}
			if distinct[key]++; distinct[key] == m.High-m.Low+2 {
				b.diags.Errorf(n.Range, "there are more than %d %s in one body", m.High-m.Low+1, m.Call).
					Hint = "make the range larger; every distinct of one range is another number"
			}
		}
	}
	for i := range p.Parts { // the quotes around a value that is no part of a text are the text's before it and behind it
		if p.Parts[i].Make != nil && !p.Parts[i].Inside {
			p.Parts[i-1].Text = strings.TrimSuffix(p.Parts[i-1].Text, `"`)
			p.Parts[i+1].Text = strings.TrimPrefix(p.Parts[i+1].Text, `"`)
		}
	}
	p.JSON = shown.Bytes()
	return p
}

func hasMaker(pieces []expr.Piece) bool {
	for _, piece := range pieces {
		if piece.Maker != nil {
			return true
		}
	}
	return false
}

// alone reports whether the maker at i is all that its JSON string holds. A body is an object, so that there is text on both
// sides of every maker, or another maker.
func alone(pieces []expr.Piece, i int) bool {
	before, after := pieces[i-1].Text, pieces[i+1].Text
	return strings.HasSuffix(before, `:"`) && strings.HasPrefix(after, `"`) ||
		(strings.HasSuffix(before, `,"`) || strings.HasSuffix(before, `["`)) && strings.HasPrefix(after, `"`)
}
