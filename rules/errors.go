package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/eval"
)

// A Problem is one thing that is wrong with a rule or a rule file.
type Problem struct {
	File    string // empty for rules made in Go
	Line    int    // from 1; 0 where there is no place to name
	Column  int    // from 1, in runes
	Rule    string // the rule's name; empty outside rules
	Message string
}

// String is the problem in one line, its place first.
func (p Problem) String() string {
	return place(p.File, p.Line, p.Column) + ruleName(p.Rule) + p.Message
}

// place is "file:line:col: ", as far as it is known.
func place(file string, line, column int) string {
	var parts []string
	if file != "" {
		parts = append(parts, file)
	}
	if line > 0 {
		parts = append(parts, strconv.Itoa(line), strconv.Itoa(column))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ":") + ": "
}

func ruleName(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("rule %q: ", name)
}

// A LoadError says why rules were refused: everything that is wrong with them,
// in the order of the text, up to 100 problems, of which the last says that
// there are more.
type LoadError struct {
	Problems []Problem
}

// maxProblems bounds the problems that are listed: beyond them, nobody reads
// on.
const maxProblems = 100

// Error is one line for each problem.
func (e *LoadError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// loadError sorts problems by place; nil without any.
func loadError(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	files := map[string]int{}
	for _, p := range problems {
		if _, known := files[p.File]; !known {
			files[p.File] = len(files)
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if a.File == "" && b.File == "" {
			return 0 // rules made in Go stay in their order
		}
		return cmp.Or(files[a.File]-files[b.File], a.Line-b.Line, a.Column-b.Column)
	})
	problems = slices.Compact(problems)
	if len(problems) > maxProblems {
		problems = problems[:maxProblems]
		problems[maxProblems-1].Message = "from here on, there are too many problems to list: mend those before"
	}
	return &LoadError{Problems: problems}
}

// A RuleError says that a rule could not be decided, or that its outcome was
// no good. Its text holds no value of the input, unless the error that a Go
// function returned does.
type RuleError struct {
	Rule   string
	File   string // empty for rules made in Go
	Line   int    // from 1; 0 for Go functions
	Column int    // from 1, in runes
	Err    error

	crash *eval.Panic // behind a pointer, which no encoder and no verb of fmt follows
}

// Error is one line, its place first.
func (e *RuleError) Error() string {
	return place(e.File, e.Line, e.Column) + ruleName(e.Rule) + e.Err.Error()
}

// Unwrap is what went wrong.
func (e *RuleError) Unwrap() error { return e.Err }

// Panic is what the panic of a Go function said, and the stack where it
// happened; both are empty if there was none. They may hold what the input
// says, so keep them out of logs that may not. The caller owns the stack.
func (e *RuleError) Panic() (said string, stack []byte) {
	if e.crash == nil {
		return "", nil
	}
	return e.crash.Said, slices.Clone(e.crash.Stack)
}
