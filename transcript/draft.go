package transcript

import (
	"context"

	"github.com/afterword-go/afterword/rules"
)

// Draft drafts the tests that the files of the set lack, file by file. Tests
// are those that count as there, all of the set if none are given. Rules in Go
// get none. The context ends the search; what was drafted until then is
// returned.
func (s *RuleSet) Draft(ctx context.Context, tests ...rules.Test) rules.Draft {
	tester := s.tester(tests)
	var all rules.Draft
	for _, set := range s.files {
		one := set.Draft(ctx, tester)
		all.Tests = append(all.Tests, one.Tests...)
		all.Left = append(all.Left, one.Left...)
	}
	return all
}
