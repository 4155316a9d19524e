//go:build windows || plan9

package folder

import "os"

// syncFolder does nothing: folders cannot be synced here.
func syncFolder(*os.Root) error { return nil }
