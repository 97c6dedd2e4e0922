package dsl

import (
	"fmt"

	"wsk-scenario/dsl/expr"
)

// actionNames declares what the entities are called on the server. What a placeholder gives before the run is what stands
// for it.
func (l *loader) actionNames() {
	scope, env := expr.NewScope(), map[string]any{}
	for _, key := range []string{"actions", "sequences", "triggers"} {
		section := l.root.Get(key)
		if section == nil {
			continue
		}
		for _, name := range keys(section) {
			if expr.Word(name) {
				scope.Add(name, expr.Text)
				env[name] = EntityName(name)
			}
		}
	}
	l.names.Put("names", scope)
	l.scenario.values.entities = env
}

// EntityName stands in a plan for what an action, sequence or trigger is called on the server, which is known when it was
// created: it is the placeholder itself.
func EntityName(name string) string { return fmt.Sprintf("${{ names.%s }}", name) }
