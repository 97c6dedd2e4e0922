package disk

import (
	"bytes"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"wsk-scenario/engine/standalone/entity"
)

// Keep writes changes of documents, all or none, and returns when they are on the disk.
func (d *Disk) Keep(changes []entity.Kept) error {
	return d.entities.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(dataBucket)
		for _, c := range changes {
			err := error(nil)
			if c.Data == nil {
				err = b.Delete([]byte(c.Key))
			} else {
				err = b.Put([]byte(c.Key), sealed([]byte(c.Key), c.Data))
			}
			if err != nil {
				return fmt.Errorf("%s: %w", c.Key, err)
			}
		}
		return nil
	})
}

// Entities returns all documents.
func (d *Disk) Entities() (all []entity.Kept, err error) {
	err = d.entities.View(func(tx *bolt.Tx) error {
		return tx.Bucket(dataBucket).ForEach(func(key, value []byte) error {
			data, err := unsealed(key, value)
			if err != nil {
				return fmt.Errorf("%s: %w", d.entities.Path(), err)
			}
			all = append(all, entity.Kept{Key: string(key), Data: bytes.Clone(data)})
			return nil
		})
	})
	return all, err
}
