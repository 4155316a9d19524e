package syntax

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// MaxPattern bounds the program of a pattern, in RE2 instructions.
const MaxPattern = 500

// Pattern compiles a pattern within its bound.
func Pattern(text string) (*tree.Pattern, error) {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		var at *syntax.Error
		if errors.As(err, &at) {
			return nil, fmt.Errorf("the pattern cannot be read: %s: %s", at.Code, at.Expr)
		}
		return nil, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	if len(program.Inst) > MaxPattern {
		return nil, fmt.Errorf("the pattern has %d instructions, more than %d: simplify it", len(program.Inst), MaxPattern)
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	return &tree.Pattern{Regexp: compiled, Size: len(program.Inst)}, nil
}
