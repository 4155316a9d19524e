package main

import (
	"bytes"
	"embed"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/transcript"
)

// starter holds the files of a new folder of rules. Go files end in .txt there.
//
//go:embed starter
var starter embed.FS

func newInit(c *cli) *cobra.Command {
	var checkout string
	verb := &cobra.Command{
		Use:   "init DIR",
		Short: "Make a folder with rules, their tests and all that belongs to them",
		Long: `Init makes a folder with rules to begin with and their tests, a Go module that runs
these tests, too, a schema for editors, and a README.md that tells what to do next. It
prints the names of the files. The folder must be new or empty.

Unless this command is a published version, go.mod uses a checkout of Afterword: the
one that the command was built from, or the one around the current folder.`,
		Example: `  afterword init rules-of-mine`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return usagef("give the folder to make")
			}
			return nil
		},
	}
	verb.Flags().StringVar(&checkout, "checkout", "", "the `folder` with the checkout of Afterword that go.mod is to use")
	verb.RunE = func(verb *cobra.Command, args []string) error {
		files, err := starterFiles(args[0], checkout, version())
		if err != nil {
			return err
		}
		if err := makeFolder(verb.Context(), args[0], files); err != nil {
			return err
		}
		c.tellMade(args[0], files)
		return nil
	}
	return verb
}

// starterFiles are the files of a new folder of rules, sorted by name, as this
// version of the command makes them.
func starterFiles(dir, checkout, version string) ([]newFile, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	files, err := moduleFiles(absolute, checkout, version)
	if err != nil {
		return nil, err
	}
	schema, err := transcript.Schema()
	if err != nil {
		return nil, err
	}
	fixed, err := fixedFiles(published(checkout, version))
	files = append(append(files, fixed...), newFile{"transcripts.schema.json", schema})
	slices.SortFunc(files, func(a, b newFile) int { return strings.Compare(a.name, b.name) })
	return files, err
}

// fixedFiles are those that are the same in every folder. Only where the house
// is published, there is no go.sum yet, and the README has a command for it.
func fixedFiles(published bool) ([]newFile, error) {
	entries, err := starter.ReadDir("starter")
	if err != nil {
		return nil, err
	}
	var files []newFile
	for _, entry := range entries {
		data, err := starter.ReadFile("starter/" + entry.Name())
		if err != nil {
			return nil, err
		}
		if published {
			data = bytes.ReplaceAll(data, []byte("\ngo test ./...\n"), []byte("\ngo mod tidy\ngo test ./...\n"))
		}
		files = append(files, newFile{strings.TrimSuffix(entry.Name(), ".txt"), data})
	}
	return files, nil
}
