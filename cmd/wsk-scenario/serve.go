package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"wsk-scenario/engine/standalone"
)

// stopDeadline is how long the embedded OpenWhisk may take to finish what is under way when it is stopped.
const stopDeadline = 30 * time.Second

// serve runs the server until ctx ends, then lets it finish. An interrupt is how it is meant to end: exit code 0.
func (s *service) serve(ctx context.Context, m Machine) error {
	if err := s.complete(m); err != nil {
		return err
	}
	if s.part.as == "invoker" {
		return s.invoke(ctx, m)
	}
	server, err := standalone.Start(ctx, s.cfg)
	if err != nil {
		return fmt.Errorf("start the embedded OpenWhisk: %w", err)
	}
	if err := s.writeProps(server.URL()); err != nil {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopDeadline)
		defer cancel()
		return errors.Join(err, server.Close(last))
	}
	s.greet(m, server.URL())
	return m.untilStopped(ctx, "the embedded OpenWhisk", server.Close)
}

// untilStopped waits until ctx ends, and then for the end of what is served: that may take stopDeadline, and when the user
// asks again no longer than it takes to end every container.
func (m Machine) untilStopped(ctx context.Context, what string, end func(context.Context) error) error {
	patience, lose := context.WithCancel(context.WithoutCancel(ctx))
	var listening sync.WaitGroup
	listening.Go(func() {
		select {
		case <-m.Again:
			lose()
		case <-patience.Done():
		}
	})
	defer listening.Wait()
	defer lose()
	<-ctx.Done()
	fmt.Fprintln(m.Err, "stopping: finishing what is under way, press Ctrl-C again to stop at once")
	last, cancel := context.WithTimeout(patience, stopDeadline)
	defer cancel()
	err := end(last)
	if err != nil {
		err = fmt.Errorf("stop %s: %w", what, err)
	}
	if patience.Err() != nil {
		return &exit{exitInterrupted, err}
	}
	return err
}

// greet says where the server is, and what to paste. Credentials that are not public are not shown.
func (s *service) greet(m Machine, url string) {
	cfg, auth := &s.cfg, s.cfg.Auth
	if auth != standalone.GuestAuth {
		auth = "UUID:KEY"
	}
	kept := "Nothing outlives it"
	if cfg.DataDir != "" {
		kept = "What it is told is kept in " + cfg.DataDir
	}
	memory := fmt.Sprintf("has %d MB for containers", cfg.UserMemory)
	if s.part.as == "controller" {
		memory = "waits for invokers"
	}
	fmt.Fprintf(m.Out, "OpenWhisk answers at %s\n"+
		"It %s and takes %d invocations per minute, %d at a time. %s. Ctrl-C stops it.\n\n"+
		"  wsk property set --apihost %[1]s --auth %[6]s\n"+
		"  curl -u %[6]s %[1]s/api/v1/namespaces/_/actions\n",
		url, memory, cfg.PerMinute, cfg.Concurrent, kept, auth)
	if s.wskprops != "" {
		fmt.Fprintf(m.Out, "  WSK_CONFIG_FILE=%s wsk action list\n", s.wskprops)
	}
	for _, n := range cfg.Others {
		fmt.Fprintf(m.Out, "\nThe namespace %s has the credentials that %s says.", n.Name, s.namespaces)
	}
	fmt.Fprintln(m.Out)
}

// propsMark is the first line of the files that we write for wsk. A file without it is somebody's own.
const propsMark = "# Written by wsk-scenario standalone.\n"

// writeProps writes the properties that wsk reads. It does not write over a file of others.
func (s *service) writeProps(url string) error {
	if s.wskprops == "" {
		return nil
	}
	switch before, err := os.ReadFile(s.wskprops); {
	case err == nil && !bytes.HasPrefix(before, []byte(propsMark)):
		return wrong(fmt.Errorf("--wskprops %s: there is such a file, and we did not write it: move it away, or name another one",
			s.wskprops))
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return wrong(fmt.Errorf("--wskprops: %w", err))
	}
	text := fmt.Sprintf("%sAPIHOST=%s\nAUTH=%s\nNAMESPACE=_\n", propsMark, url, s.cfg.Auth)
	if err := replace(s.wskprops, text); err != nil {
		return wrong(fmt.Errorf("--wskprops: %w", err))
	}
	return nil
}

// replace writes a file that is nobody else's to read, whole or not at all.
func replace(path, text string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".wskprops-*")
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// readNamespaces reads who may use the server: guest with other credentials than the public ones, and others beside it.
func (s *service) readNamespaces(m Machine) error {
	text, err := readText(s.namespaces)
	if err != nil {
		return fmt.Errorf("--namespaces: %w", err)
	}
	for n, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		for _, w := range words[1:] {
			if strings.Contains(w, ":") {
				m.secrets.Add(w)
			}
		}
		if len(words) != 2 {
			return fmt.Errorf("%s:%d: a line is NAMESPACE UUID:KEY, but this one has %d words", s.namespaces, n+1, len(words))
		}
		if words[0] == standalone.Guest {
			s.cfg.Auth = words[1]
		} else {
			s.cfg.Others = append(s.cfg.Others, standalone.Namespace{Name: words[0], Auth: words[1]})
		}
	}
	if err := s.cfg.CheckNamespaces(); err != nil {
		return fmt.Errorf("%s: %w", s.namespaces, err)
	}
	return nil
}
