package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/afterword-go/afterword/transcript"
)

// settleTime is how long a folder must be quiet before its files are read:
// editors and copies change a file in several steps.
const settleTime = 100 * time.Millisecond

// A folder tells of changes to the rule files in it.
//
// It is the folder that is watched, not its files: many editors write a new
// file and put it in the place of the old one, and a watch on the old one would
// then see nothing any more. Files that are links to elsewhere are not followed.
type folder struct {
	path     string
	changes  <-chan fsnotify.Event
	failures <-chan error
	watcher  *fsnotify.Watcher
}

func openFolder(path string) (*folder, error) {
	if _, err := ruleFiles(path); err != nil {
		return nil, err // a file could be watched too, but is no folder
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	path = filepath.Clean(path)
	if err := watcher.Add(path); err != nil {
		return nil, errors.Join(fmt.Errorf("rules: watch %s: %w", path, err), watcher.Close())
	}
	return &folder{path, watcher.Events, watcher.Errors, watcher}, nil
}

func (f *folder) close(logger *log.Logger) {
	if err := f.watcher.Close(); err != nil {
		logger.Printf("rules: end watching %s: %v", f.path, err)
	}
}

// follow calls changed whenever rule files have changed and the folder has been
// quiet for the settle time, until the context ends. Its error, if any, says
// that watching itself has failed.
func (f *folder) follow(ctx context.Context, settle time.Duration, changed func(error)) {
	var settled <-chan time.Time // nil: there is nothing to settle
	for {
		select {
		case <-ctx.Done():
			return
		case change, open := <-f.changes:
			switch {
			case !open:
				return
			case change.Name == f.path && change.Has(fsnotify.Remove|fsnotify.Rename):
				changed(fmt.Errorf("%s is gone and no longer watched; start the server anew", f.path))
			case concernsRules(change.Name):
				settled = time.After(settle)
			}
		case err, open := <-f.failures:
			if !open {
				return
			}
			changed(fmt.Errorf("watch %s: %w", f.path, err))
			settled = time.After(settle) // changes may have been missed
		case <-settled:
			settled = nil
			changed(nil)
		}
	}
}

// concernsRules says whether a file's change may be one of the rules. Mounted
// Kubernetes ConfigMaps change all their files at once by way of a link.
func concernsRules(file string) bool {
	name := filepath.Base(file)
	matches, err := filepath.Match(pattern, name)
	return err == nil && matches || name == "..data"
}

// reloader loads the rules anew when they have changed, and logs what came of
// it.
func reloader(live *transcript.Live, logger *log.Logger) func(error) {
	return func(err error) {
		if err == nil {
			err = live.Reload()
		}
		if err == nil {
			logger.Printf("rules: %s have taken over", counted(ruleCount(live), "rule"))
			return
		}
		for _, line := range problems(err) {
			logger.Printf("rules: %s", line)
		}
		logger.Print("rules: the old ones stay in force")
	}
}
