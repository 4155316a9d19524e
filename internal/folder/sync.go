//go:build !windows && !plan9

package folder

import (
	"errors"
	"os"
)

// syncFolder makes the names in a folder last.
func syncFolder(root *os.Root) error {
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
