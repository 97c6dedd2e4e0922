package jsonin

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	nested := func(n int) string { return strings.Repeat(`{"a":[`, n/2) + strings.Repeat(`]}`, n/2) }
	for _, row := range []struct{ name, raw, want string }{
		{"what is in order stays as it is", `{"a":["é", 1]}`, `{"a":["é", 1]}`},
		{"bytes that are no UTF-8 are replaced", "{\"a\":\"\xff\xfe\"}", `{"a":"` + "\uFFFD" + `"}`},
		{"half a character of two, as some languages write it", "{\"a\":\"\xed\xa0\x80\"}", `{"a":"` + "\uFFFD" + `"}`},
		{"as deep as it may be", nested(Deepest), nested(Deepest)},
		{"brackets side by side", `[` + strings.Repeat("[],", 2000) + `[]]`, `[` + strings.Repeat("[],", 2000) + `[]]`},
		{"brackets in a string", `"` + strings.Repeat("[{", 2000) + `"`, `"` + strings.Repeat("[{", 2000) + `"`},
		{"brackets after an escaped quote", `"\"` + strings.Repeat("[", 2000) + `"`, `"\"` + strings.Repeat("[", 2000) + `"`},
		{"nothing", "", ""},
		{"the half of an escape", `"\`, `"\`},
	} {
		got, err := Clean([]byte(row.raw))
		if err != nil || string(got) != row.want {
			t.Errorf("%s: got %.80q, %v; want %.80q", row.name, got, err, row.want)
		}
	}
	for name, raw := range map[string]string{
		"one level too deep": "[" + nested(Deepest) + "]",
		"and without an end": strings.Repeat("[", Deepest+1),
		"after a string":     `["\\",` + strings.Repeat("[", Deepest),
	} {
		if got, err := Clean([]byte(raw)); err != errDeep {
			t.Errorf("%s: got %.80q, %v; want %v", name, got, err, errDeep)
		}
	}
}
