package result

import (
	"fmt"
	"os"
	"path/filepath"
)

// Keep writes a text into the bundle, beside the result, under a name of its own.
func (b *Bundle) Keep(name string, text []byte) error {
	if err := os.WriteFile(filepath.Join(b.folder, filepath.Base(name)), b.secrets.Same(text), 0o644); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}
