package origin

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"wsk-scenario/engine/command"
	"wsk-scenario/engine/result"
)

// gitWithin bounds the questions to git: a repository on a slow disk holds no run up.
const gitWithin = 10 * time.Second

// dirtyMost is how many changed files are noted one by one.
const dirtyMost = 50

// git asks for the commit of a folder and for what differs from it there.
func git(ctx context.Context, folder string) (g result.Git) {
	ctx, cancel := context.WithTimeout(ctx, gitWithin)
	defer cancel()
	commit, err := ask(ctx, folder, "rev-parse", "HEAD")
	if err != nil {
		return result.Git{Unknown: err.Error()}
	}
	status, err := ask(ctx, folder, "--no-optional-locks", "status", "--porcelain", "--", ".")
	if err != nil {
		return result.Git{Unknown: err.Error()}
	}
	g.Commit = strings.TrimSpace(commit)
	for _, line := range strings.Split(strings.TrimRight(status, "\n"), "\n") {
		switch {
		case line == "":
		case len(g.Dirty) == dirtyMost:
			g.Dirty = append(g.Dirty, "and more")
			return g
		default:
			g.Dirty = append(g.Dirty, line)
		}
	}
	return g
}

func ask(ctx context.Context, folder string, args ...string) (string, error) {
	var out, faults bytes.Buffer
	exit, err := command.Command{Args: append([]string{"git", "-C", folder}, args...), Env: []string{"LC_ALL=C"}}.Run(ctx, &out, &faults)
	switch {
	case err != nil:
		return "", err
	case exit != 0:
		first, _, _ := strings.Cut(faults.String(), "\n")
		return "", fmt.Errorf("git %s: %s", args[0], first)
	}
	return out.String(), nil
}
