// Package rulestest makes the tests of a rule file tests of a Go package.
//
//	func TestRules(t *testing.T) {
//		rulestest.Run(t, set, rules.Tester[Order, Discount]{})
//	}
package rulestest

import (
	"testing"

	"github.com/afterword-go/afterword/rules"
)

// Run runs every test and case of the set's rule file as a subtest. A set
// without any fails: nothing would be tested.
func Run[In, Then any](t *testing.T, set *rules.Set[In, Then], tester rules.Tester[In, Then]) {
	t.Helper()
	results := set.RunTests(t.Context(), tester)
	if len(results) == 0 {
		t.Fatal("the rule file has no tests")
	}
	for _, result := range results {
		t.Run(result.Name, func(t *testing.T) {
			if !result.Passed() {
				t.Error(result)
			}
		})
	}
}
