package measure

// Place is how an activation missed the place that its scenario asks for. The zero value says that it did not, or that no
// place was asked for.
type Place string

// The ways to miss it.
const (
	Elsewhere Place = "elsewhere" // it ran on a node of another role
	Unproved  Place = "unproved"  // nothing tells where it ran
)

// Started is the class of activations that were started by a result which named them: their figures are not those of the
// calls. What the rules of a trigger started stands for the fire, which has no figures of its own.
const Started Temperature = "started"

// class is the class of statistics that a sample belongs to: its temperature, unless it missed its place.
func (s *Sample) class() Temperature {
	if s.Level > 1 {
		return Started
	}
	if s.Place != "" {
		return Temperature(s.Place)
	}
	return s.Temperature
}

// missed reports whether a class is of samples that missed their place, or of none that the phase called.
func (t Temperature) missed() bool {
	return t == Started || t == Temperature(Elsewhere) || t == Temperature(Unproved)
}
