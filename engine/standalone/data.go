package standalone

import (
	"fmt"

	"wsk-scenario/engine/standalone/disk"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
)

// data is what outlives the server; with a nil disk nothing does.
type data struct{ disk *disk.Disk }

func openData(cfg Config) (data, error) {
	if cfg.DataDir == "" {
		return data{}, nil
	}
	d, err := disk.Open(cfg.DataDir, disk.Bounds{Count: cfg.Records.Count, Age: cfg.Records.Age})
	if err != nil {
		return data{}, fmt.Errorf("open the data: %w", err)
	}
	return data{d}, nil
}

// restore gives documents and records back to who held them, and keeps what they write from now on.
func (d data) restore(store *entity.Store, controller *invoke.Controller) error {
	if d.disk == nil {
		return nil
	}
	all, err := d.disk.Entities()
	if err != nil {
		return fmt.Errorf("read the documents: %w", err)
	}
	if err := store.Restore(d.disk, all); err != nil {
		return fmt.Errorf("read the documents: %w", err)
	}
	return controller.Restore(d.disk)
}

func (d data) close() error {
	if d.disk == nil {
		return nil
	}
	return d.disk.Close()
}
