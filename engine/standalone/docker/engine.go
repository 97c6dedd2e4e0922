package docker

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/moby/moby/client"
)

// connectTime bounds how long an engine may take to say who it is.
const connectTime = 10 * time.Second

// connect returns the engine at host and its version, or says what to do when there is none that can be used.
func connect(ctx context.Context, host string) (*client.Client, string, error) {
	if !strings.HasPrefix(host, "unix://") {
		return nil, "", fmt.Errorf("the Docker Engine at %s is not on this machine, so its containers cannot be reached: "+
			"set DOCKER_HOST to a local one, such as %s", host, DefaultHost)
	}
	engine, err := client.New(client.WithHost(host), client.WithUserAgent("wsk-scenario"))
	if err != nil {
		return nil, "", fault("connect to "+host, err)
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	info, err := engine.Info(ctx, client.InfoOptions{})
	if err == nil && info.Info.OSType != "linux" {
		err = fmt.Errorf("it runs containers of %s, and OpenWhisk's are of linux", info.Info.OSType)
	}
	if err == nil && info.Info.OperatingSystem == "Docker Desktop" {
		err = errors.New("it is Docker Desktop, which keeps its containers in a virtual machine where they cannot be reached by address: " +
			"use the process driver")
	}
	if err != nil {
		engine.Close()
		return nil, "", fmt.Errorf("no Docker Engine can be used at %s: %w; start one (Debian: apt-get install docker.io iptables), "+
			"or name it by DOCKER_HOST", host, err)
	}
	return engine, info.Info.ServerVersion, nil
}

func newID() string {
	var id [6]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}
