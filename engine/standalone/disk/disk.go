// Package disk keeps what the standalone OpenWhisk holds in a folder, so that a restart finds it again: documents in one
// file, each change written through before its answer; activation records in another, in batches, bounded. It knows
// neither documents nor records, only their keys and bytes. A folder has one server at a time.
package disk

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// format is the number of the form in which files are written. A file of a higher one is of a later program.
const format = 1

// The files of a folder.
const (
	entitiesFile    = "entities.db"
	activationsFile = "activations.db"
)

// The bucket and keys by which a file is known as ours, and the bucket of what is kept.
var (
	aboutBucket = []byte("wsk-scenario")
	formatKey   = []byte("format")
	dataBucket  = []byte("data")
)

// Disk is an open folder. Close it.
type Disk struct {
	entities, activations *bolt.DB
	bounds                Bounds
}

// Bounds are how many activation records are kept, and how long.
type Bounds struct {
	Count int
	Age   time.Duration
}

// Open opens a folder, which is made when it is not there, and reads all of it once, so that damage is found now. It
// fails when another server has the folder, when a file is damaged or not ours, and when a later program wrote it.
func Open(folder string, bounds Bounds) (*Disk, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the data: %w", err)
	}
	d := &Disk{bounds: bounds}
	var err error
	if d.entities, err = open(filepath.Join(folder, entitiesFile)); err != nil {
		return nil, err
	}
	if d.activations, err = open(filepath.Join(folder, activationsFile)); err != nil {
		return nil, errors.Join(err, d.entities.Close())
	}
	return d, nil
}

// Close closes the files. All that was written is there.
func (d *Disk) Close() error { return errors.Join(d.activations.Close(), d.entities.Close()) }

// lockTime is how long a lock of another server is waited for: not at all, but bbolt wants a time.
const lockTime = 50 * time.Millisecond

func open(path string) (db *bolt.DB, err error) {
	// A damaged file can make bbolt panic, or read beyond the end of it; both become errors.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			db, err = nil, fmt.Errorf("%s: damaged: %v", path, fault)
		}
	}()
	db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTime, FreelistType: bolt.FreelistMapType})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("%s: another server uses this folder", path)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return nil, fmt.Errorf("%s: damaged, or not a file of wsk-scenario standalone (%w)", path, err)
	case err != nil:
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := examine(db, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// examine makes a new file ours, and finds what is wrong with one that was there.
func examine(db *bolt.DB, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fresh := false
	err = db.View(func(tx *bolt.Tx) error {
		if tx.Size() > info.Size() {
			return fmt.Errorf("%s: damaged: it has lost its end, %d bytes of %d are there", path, info.Size(), tx.Size())
		}
		if first, _ := tx.Cursor().First(); first == nil {
			fresh = true
			return nil
		}
		if err := known(tx, path); err != nil {
			return err
		}
		if err := walk(tx.Bucket(dataBucket)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for fault := range tx.Check() { // of the free pages too; it is run last, as it panics on what walk finds
			err = errors.Join(err, fmt.Errorf("%s: damaged: %w", path, fault))
		}
		return err
	})
	if err != nil || !fresh {
		return err
	}
	return db.Update(begin)
}

// walk looks at every key and value: that they are as they were written, in order, and found where they are looked for.
func walk(b *bolt.Bucket) error {
	var before []byte
	return b.ForEach(func(key, value []byte) error {
		if before != nil && bytes.Compare(before, key) >= 0 || !bytes.Equal(b.Get(key), value) {
			return fmt.Errorf("damaged: %q stands in the wrong place", key)
		}
		before = append(before[:0], key...)
		_, err := unsealed(key, value)
		return err
	})
}

// known says whether the file is one of ours, in a form that we can read.
func known(tx *bolt.Tx, path string) error {
	about := tx.Bucket(aboutBucket)
	if about == nil || tx.Bucket(dataBucket) == nil {
		return fmt.Errorf("%s: not a file of wsk-scenario standalone; it stays as it is", path)
	}
	n, err := strconv.Atoi(string(about.Get(formatKey)))
	switch {
	case err != nil:
		return fmt.Errorf("%s: damaged: its format is no number", path)
	case n > format:
		return fmt.Errorf("%s: written by a later wsk-scenario (format %d, this one reads up to %d)", path, n, format)
	}
	return nil
}

func begin(tx *bolt.Tx) error {
	about, err := tx.CreateBucket(aboutBucket)
	if err != nil {
		return err
	}
	if err := about.Put(formatKey, []byte(strconv.Itoa(format))); err != nil {
		return err
	}
	_, err = tx.CreateBucket(dataBucket)
	return err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sealed is data with a checksum of it and its key before it: bbolt has none for what it keeps.
func sealed(key, data []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, checksum(key, data)), data...)
}

// unsealed is the data without its checksum. It is good as long as the transaction.
func unsealed(key, value []byte) ([]byte, error) {
	if len(value) < 4 || binary.BigEndian.Uint32(value) != checksum(key, value[4:]) {
		return nil, fmt.Errorf("damaged: the checksum of %q does not fit", key)
	}
	return value[4:], nil
}

func checksum(key, data []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, data)
}
