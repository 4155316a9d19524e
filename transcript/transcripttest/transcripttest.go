// Package transcripttest makes the tests of transcript rule files tests of a
// Go package.
//
//	func TestRules(t *testing.T) {
//		transcripttest.Run(t, os.DirFS("rules"), "*.rules.yaml")
//	}
package transcripttest

import (
	"io/fs"
	"testing"

	"github.com/afterword-go/afterword/transcript"
)

// Run loads the rule files that match the pattern, as transcript.Load does,
// and runs every test and case in and beside them as a subtest. Rules that do
// not load, and files without any tests, fail.
func Run(t *testing.T, fsys fs.FS, pattern string, opts ...transcript.Option) {
	t.Helper()
	set, err := transcript.Load(fsys, pattern, opts...)
	if err != nil {
		t.Fatal(err)
	}
	results := set.RunTests(t.Context())
	if len(results) == 0 {
		t.Fatal("the rule files have no tests")
	}
	for _, result := range results {
		t.Run(result.Name, func(t *testing.T) {
			if !result.Passed() {
				t.Error(result)
			}
		})
	}
}
