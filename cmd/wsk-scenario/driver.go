package main

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"strings"

	"wsk-scenario/engine/standalone"
)

// What the embedded OpenWhisk can start containers with.
const (
	driverProcess    = "process"
	driverDocker     = "docker"
	driverKubernetes = "kubernetes"
)

// chooseDriver takes over what flags say of containers; a profile may have chosen already.
func (s *service) chooseDriver(m Machine) error {
	if err := oneOf("--driver", s.driver, driverProcess, driverDocker, driverKubernetes); err != nil {
		return err
	}
	if s.driver == driverKubernetes || s.flags.Changed("pod") {
		return s.choosePods(m)
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
	var err error
	s.cfg.Docker.Images, err = s.chooseImages(s.cfg.Docker.Images)
	return err
}

// What Kubernetes puts into every pod that may ask the API server.
const (
	apiHostVariable = "KUBERNETES_SERVICE_HOST"
	apiPortVariable = "KUBERNETES_SERVICE_PORT"
	accountFolder   = "/var/run/secrets/kubernetes.io/serviceaccount"
)

// choosePods has the containers of an invoker be pods beside its own.
func (s *service) choosePods(m Machine) error {
	namespace, pod, ok := strings.Cut(s.part.pod, "/")
	host := m.Env(apiHostVariable)
	switch {
	case s.driver != driverKubernetes:
		return wrong(fmt.Errorf("--pod is for --driver %s", driverKubernetes))
	case s.part.as != "invoker":
		return wrong(fmt.Errorf("--driver %s is for --as invoker: pods are started by an invoker that is one itself", driverKubernetes))
	case s.flags.Changed("cpus"):
		return wrong(fmt.Errorf("--cpus is not for --driver %s: as on OpenWhisk, its pods share the processors of their node", driverKubernetes))
	case !ok || namespace == "" || pod == "":
		return wrong(fmt.Errorf("--driver %s needs the invoker's own pod: --pod NAMESPACE/NAME", driverKubernetes))
	case host == "":
		return wrong(fmt.Errorf("--driver %s is for an invoker in a pod, and this is none: there is no %s in the environment", driverKubernetes, apiHostVariable))
	}
	var profiled map[string]string
	if s.cfg.Docker != nil {
		profiled, s.cfg.Docker = s.cfg.Docker.Images, nil
	}
	images, err := s.chooseImages(profiled)
	s.cfg.Kubernetes = &standalone.Kubernetes{
		API: standalone.KubernetesAPI{
			URL:       "https://" + net.JoinHostPort(host, m.Env(apiPortVariable)),
			TokenFile: accountFolder + "/token", CAFile: accountFolder + "/ca.crt",
		},
		Namespace: namespace, Pod: pod, SearchPath: m.Env("PATH"), Images: images,
	}
	return err
}

// chooseImages lays those of flags over those of a profile.
func (s *service) chooseImages(images map[string]string) (map[string]string, error) {
	images = maps.Clone(images)
	if images == nil {
		images = map[string]string{}
	}
	for _, text := range s.images {
		kind, image, ok := strings.Cut(text, "=")
		if !ok || kind == "" || image == "" {
			return nil, wrong(fmt.Errorf("--image needs a kind and its image, such as nodejs:20=example/node:1, not %q", text))
		}
		images[kind] = image
	}
	return images, nil
}
