package main

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"wsk-scenario/engine/standalone"
)

// What the embedded OpenWhisk can start containers with.
const (
	driverProcess = "process"
	driverDocker  = "docker"
)

// chooseDriver takes over what flags say of containers; a profile may have chosen already.
func (s *service) chooseDriver(m Machine) error {
	if err := oneOf("--driver", s.driver, driverProcess, driverDocker); err != nil {
		return err
	}
	switch said := s.flags.Changed("driver"); {
	case said && s.driver == driverProcess:
		s.cfg.Docker = nil
	case said && s.cfg.Docker == nil:
		s.cfg.Docker = &standalone.Docker{Host: m.Env("DOCKER_HOST")}
	}
	for _, flag := range []string{"image", "cpus"} {
		ofNode := flag == "cpus" && s.part.as == "invoker"
		if s.flags.Changed(flag) && s.cfg.Docker == nil && !ofNode {
			return wrong(fmt.Errorf("--%s is for containers of a Docker Engine: add --driver %s, or leave it out", flag, driverDocker))
		}
	}
	if s.cpus < 0 {
		return wrong(errors.New("--cpus must not be negative"))
	}
	if s.cfg.Docker == nil {
		return nil
	}
	s.cfg.Docker.CPUs = s.cpus
	return s.chooseImages()
}

// chooseImages lays those of flags over those of a profile.
func (s *service) chooseImages() error {
	images := maps.Clone(s.cfg.Docker.Images)
	if images == nil {
		images = map[string]string{}
	}
	for _, text := range s.images {
		kind, image, ok := strings.Cut(text, "=")
		if !ok || kind == "" || image == "" {
			return wrong(fmt.Errorf("--image needs a kind and its image, such as nodejs:20=example/node:1, not %q", text))
		}
		images[kind] = image
	}
	s.cfg.Docker.Images = images
	return nil
}
