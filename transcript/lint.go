package transcript

import (
	"context"

	"github.com/afterword-go/afterword/rules"
)

// Lint looks for what is probably not meant in the set's files, file by file,
// and runs their tests for it. It does not look at rules in Go.
func (s *RuleSet) Lint(ctx context.Context) []rules.Finding {
	var all []rules.Finding
	for _, set := range s.files {
		all = append(all, set.Lint(ctx, s.tester(nil))...)
	}
	return all
}
