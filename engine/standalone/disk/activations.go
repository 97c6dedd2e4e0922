package disk

import (
	"encoding/binary"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Append writes activation records that ended about now, all or none, and drops those that are too old or too many.
//
// A key is when the record was written and its number, so that the oldest stand first:
//
//	|―― ms since 1970, 8 bytes ――|―― number, 8 bytes ――|
func (d *Disk) Append(records [][]byte, now time.Time) error {
	return d.activations.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(dataBucket)
		for _, r := range records {
			n, err := b.NextSequence()
			if err != nil {
				return err
			}
			key := binary.BigEndian.AppendUint64(nil, uint64(now.UnixMilli()))
			key = binary.BigEndian.AppendUint64(key, n)
			if err := b.Put(key, sealed(key, r)); err != nil {
				return err
			}
		}
		return d.drop(b, now)
	})
}

// drop removes the records that are too old or too many. Numbers have no gaps, so the first and the last say how many
// there are.
func (d *Disk) drop(b *bolt.Bucket, now time.Time) error {
	oldest := now.Add(-d.bounds.Age).UnixMilli()
	for c := b.Cursor(); ; {
		k, _ := c.First()
		if k == nil || b.Sequence()-number(k) < uint64(d.bounds.Count) && written(k) >= oldest {
			return nil
		}
		if err := c.Delete(); err != nil {
			return err
		}
	}
}

func written(key []byte) int64 { return int64(binary.BigEndian.Uint64(key)) }

func number(key []byte) uint64 { return binary.BigEndian.Uint64(key[8:]) }

// Activations calls each for every record that is not too old, the oldest first, with when it was written. The
// record is good during the call.
func (d *Disk) Activations(now time.Time, each func(record []byte, at time.Time) error) error {
	oldest := now.Add(-d.bounds.Age).UnixMilli()
	return d.activations.View(func(tx *bolt.Tx) error {
		return tx.Bucket(dataBucket).ForEach(func(key, value []byte) error {
			if len(key) != 16 {
				return fmt.Errorf("%s: damaged: a key has %d bytes", d.activations.Path(), len(key))
			}
			if written(key) < oldest {
				return nil
			}
			data, err := unsealed(key, value)
			if err == nil {
				err = each(data, time.UnixMilli(written(key)))
			}
			if err != nil {
				return fmt.Errorf("%s: record %d: %w", d.activations.Path(), number(key), err)
			}
			return nil
		})
	})
}
