package measure

// Place is how an activation missed the place that its scenario asks for. The zero value says that it did not, or that no
// place was asked for.
type Place string

// The ways to miss it.
const (
	Elsewhere Place = "elsewhere" // it ran on a node of another role
	Unproved  Place = "unproved"  // nothing tells where it ran
)

// class is the class of statistics that a sample belongs to: its temperature, unless it missed its place.
func (s *Sample) class() Temperature {
	if s.Place != "" {
		return Temperature(s.Place)
	}
	return s.Temperature
}

// missed reports whether a class is of samples that missed their place.
func (t Temperature) missed() bool { return t == Temperature(Elsewhere) || t == Temperature(Unproved) }
