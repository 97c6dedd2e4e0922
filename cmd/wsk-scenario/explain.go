package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"wsk-scenario/dsl"
)

func newExplain(m Machine) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [KEY]",
		Short: "Say what a key of the scenario language means",
		Long: `Says what a key means, what may stand behind it, an example, and which keys are
inside it. Without a key it lists those of a whole scenario. The words that
assertions use have pages of their own: metrics, statistics and counters.`,
		Example: `  wsk-scenario explain
  wsk-scenario explain phases.load
  wsk-scenario explain phases.load.users
  wsk-scenario explain metrics`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrong(fmt.Errorf("explain takes one key, such as: wsk-scenario explain %s", strings.Join(args, ".")))
			}
			return nil
		},
		ValidArgsFunction: topics,
		RunE: func(_ *cobra.Command, args []string) error {
			page := explanation{width: m.screen(m.Out, true).width}
			if page.width == 0 {
				page.width = 80
			}
			path := strings.Join(args, "")
			if words := vocabulary(path); words != nil {
				page.words(words)
			} else {
				topic, err := dsl.FindTopic(dsl.Describe(), path)
				if err != nil {
					return wrong(err)
				}
				page.topic(topic)
			}
			_, err := fmt.Fprint(m.Out, page.text.String())
			return err
		},
	}
}

// vocabulary is the list of words that path names; nil when it is a key.
func vocabulary(path string) []dsl.Word {
	switch path {
	case "metrics":
		return dsl.Metrics
	case "statistics":
		return dsl.Statistics
	case "counters":
		return dsl.Counters
	}
	return nil
}

// topics completes keys in a shell.
func topics(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return append(dsl.Topics(dsl.Describe()), "metrics", "statistics", "counters"), cobra.ShellCompDirectiveNoFileComp
}
