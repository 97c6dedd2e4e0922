package main

import (
	"bufio"
	"encoding/json"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

func newSamples(m Machine) *cobra.Command {
	return &cobra.Command{
		Use:   "samples RESULT",
		Short: "Write every call of a saved result as JSON",
		Long: `Writes every call of a saved result as a JSON object on a line of its own, for
other programs. Moments are nanoseconds since the run began; the times of the
record are milliseconds, as OpenWhisk counts them.`,
		Example: `  wsk-scenario samples results/startup/20260701T123000.000Z | jq .outcome | sort | uniq -c`,
		Args:    one("the folder of a result", "results/startup/20260701T123000.000Z"),
		RunE: func(_ *cobra.Command, args []string) error {
			_, folder, err := open(args[0])
			if err != nil {
				return err
			}
			out := bufio.NewWriterSize(m.Out, 64<<10)
			lines := json.NewEncoder(out)
			if err := result.Samples(folder, func(s *measure.Sample) error { return lines.Encode(s) }); err != nil {
				return err
			}
			return out.Flush()
		},
	}
}
