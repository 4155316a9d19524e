package transcript

import (
	"context"
	"errors"

	"github.com/afterword-go/afterword/rules"
)

// Mutate changes the rules of the set's files, one small thing at a time, and
// runs the tests of each file against it: all of them if none are given. Rules
// in Go are not changed. A file without tests that are run kills nothing.
//
// The error joins those of all files: it says which tests fail without any
// change, or that the context has ended. Then the result is what was found until
// then, of the files that it got to.
func (s *RuleSet) Mutate(ctx context.Context, options rules.MutateOptions, tests ...rules.Test) (rules.Mutation, error) {
	tester := s.tester(tests)
	if options.CheckText == nil {
		options.CheckText = s.checkText
	}
	var all rules.Mutation
	var errs []error
	for _, set := range s.files {
		one, err := set.Mutate(ctx, tester, options)
		errs = append(errs, err)
		all.Mutants = append(all.Mutants, one.Mutants...)
		all.NotMade = append(all.NotMade, one.NotMade...)
		all.Untried += one.Untried
		if ctx.Err() != nil {
			return all, errors.Join(errs...)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return rules.Mutation{}, err
	}
	return all, nil
}
