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
	tests := set.Tests()
	if len(tests) == 0 {
		t.Fatal("the rule file has no tests")
	}
	for _, test := range tests {
		t.Run(test.Name, func(t *testing.T) {
			if result := set.RunTest(t.Context(), test, tester); !result.Passed() {
				t.Error(result)
			}
		})
	}
}
