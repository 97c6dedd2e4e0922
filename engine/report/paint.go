package report

// paint colours words of the report when it may. Colour never carries anything alone: the word says it too.
type paint bool

const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// as returns text in the given ANSI style.
func (p paint) as(style, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}
