package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wsk-scenario/dsl"
)

func newExplain(m Machine) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [KEY]",
		Short: "Say what a key of the scenario language means",
		Long: `Says what a key means, what may stand behind it, an example, and which keys are
inside it. Without a key it lists those of a whole scenario; the keys of a
cluster profile are below cluster. The words that assertions use have pages of
their own: metrics, statistics and counters.`,
		Example: `  wsk-scenario explain
  wsk-scenario explain phases.load
  wsk-scenario explain phases.load.users
  wsk-scenario explain cluster.openwhisk
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
				topic, err := topic(path)
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

// profile is the word before the keys of a cluster profile.
const profile = "cluster"

// topic finds a key of a scenario, or one of a profile behind the word for it.
func topic(path string) (dsl.Topic, error) {
	first, rest, _ := strings.Cut(path, ".")
	if first == profile {
		t, err := dsl.FindTopic(dsl.DescribeProfile(), rest, "the profile")
		t.Path = strings.TrimSuffix(profile+"."+t.Path, ".")
		return t, err
	}
	t, err := dsl.FindTopic(dsl.Describe(), path, "the scenario")
	if err != nil && dsl.DescribeProfile().Key(first) != nil {
		return t, fmt.Errorf("%s is a key of a cluster profile: wsk-scenario explain %s.%s", first, profile, path)
	}
	return t, err
}

// vocabulary is the list of words that path names; nil when it is a key.
func vocabulary(path string) []dsl.Word {
	switch path {
	case "metrics":
		return dsl.Metrics
	case "statistics":
		return slices.Concat(dsl.Statistics, dsl.OtherStatistics)
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
	keys := append(dsl.Topics(dsl.Describe()), "metrics", "statistics", "counters", profile)
	for _, key := range dsl.Topics(dsl.DescribeProfile()) {
		keys = append(keys, profile+"."+key)
	}
	return keys, cobra.ShellCompDirectiveNoFileComp
}
