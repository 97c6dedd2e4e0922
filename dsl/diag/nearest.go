package diag

import (
	"fmt"
	"slices"
	"strings"
)

// maxListed is how many names a hint lists when none is near.
const maxListed = 20

// Suggest is the hint for an unknown name: the nearest of the names that exist, or all of them when none is near.
func Suggest(name string, names []string) string {
	if near := Nearest(name, names); len(near) > 0 {
		return "did you mean " + Or(quoted(near)) + "?"
	}
	names = distinct(names)
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return fmt.Sprintf("only %q is known", names[0])
	case n > maxListed:
		return fmt.Sprintf("known are %s and %d more", strings.Join(names[:maxListed], ", "), n-maxListed)
	}
	return "known are " + And(names)
}

// Nearest returns the names that are as near to name as any is, at most three, none when all are too far. How far is too
// far grows with the length of the name: about one slip in three letters.
func Nearest(name string, names []string) []string {
	best := max(1, (len([]rune(name))+2)/3)
	var near []string
	for _, candidate := range names {
		d := distance(strings.ToLower(name), strings.ToLower(candidate))
		if d < best {
			best, near = d, nil
		}
		if d == best && len(near) < 3 && d < len([]rune(candidate)) && !slices.Contains(near, candidate) {
			near = append(near, candidate)
		}
	}
	return near
}

// distance counts the letters to insert, delete, replace or swap with their neighbour to make a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > 100 || len(t) > 100 { // nobody misspells that; keeps the cost bounded
		return 100
	}
	var before []int
	above := make([]int, len(t)+1)
	for j := range above {
		above[j] = j
	}
	for i := range s {
		row := make([]int, len(t)+1)
		row[0] = i + 1
		for j := range t {
			change := above[j]
			if s[i] != t[j] {
				change++
			}
			row[j+1] = min(change, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above = above, row
	}
	return above[len(t)]
}

func distinct(names []string) []string {
	var list []string
	for _, n := range names {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

func quoted(names []string) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = fmt.Sprintf("%q", n)
	}
	return list
}

// And joins words as one says them: a, b and c.
func And(words []string) string { return join(words, "and") }

// Or joins words as one says them: a, b or c.
func Or(words []string) string { return join(words, "or") }

func join(words []string, last string) string {
	n := len(words) - 1
	if n < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}
