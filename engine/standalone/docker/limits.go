package docker

import (
	"github.com/moby/moby/api/types/container"
)

// What OpenWhisk gives every container, whatever its size.
const (
	pidsMost  = 1024
	filesMost = 1024
	allShares = 1024 // processor shares of all containers together
	fewShares = 2    // the kernel knows no fewer
	fewCPUs   = 0.01
	dataMB    = 1 << 20
)

// host is what the engine grants a container of so many MB. As in OpenWhisk it cannot swap, and its processor shares are
// its part of the memory of all.
func (d *Driver) host(memory int64) *container.HostConfig {
	pids, parts := int64(pidsMost), max(d.cfg.UserMemory/max(memory, 1), 1) // OpenWhisk divides in whole numbers
	resources := container.Resources{
		Memory: memory * dataMB, MemorySwap: memory * dataMB,
		CPUShares: max(allShares/parts, fewShares),
		PidsLimit: &pids,
		Ulimits:   []*container.Ulimit{{Name: "nofile", Soft: filesMost, Hard: filesMost}},
	}
	if d.cfg.CPUs > 0 {
		resources.NanoCPUs = int64(max(d.cfg.CPUs/float64(parts), fewCPUs) * 1e9)
	}
	return &container.HostConfig{
		Resources:   resources,
		NetworkMode: container.NetworkMode(d.network),
		CapDrop:     []string{"NET_RAW", "NET_ADMIN"},
		LogConfig:   container.LogConfig{Type: "none"}, // they are read as they are written
	}
}
