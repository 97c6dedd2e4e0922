package dsl

import "wsk-scenario/dsl/syntax"

// Shape is what a value of the file may be, with its documentation.
type Shape = syntax.Shape

// Key is one key of a section.
type Key = syntax.Key

// The forms of a shape.
const (
	ScalarForm  = syntax.ScalarForm
	SectionForm = syntax.SectionForm
	TableForm   = syntax.TableForm
	ListForm    = syntax.ListForm
	FreeForm    = syntax.FreeForm
)

// Describe is the shape of a scenario file.
func Describe() *Shape { return syntax.Describe(&Scenario{}) }
