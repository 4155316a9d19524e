package syntax

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"

	"github.com/afterword-go/afterword/rules/internal/search"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The bounds of a pattern's program: RE2 instructions, and the characters and
// ranges that these list, which is what takes memory.
const (
	MaxPattern = 500
	MaxRanges  = 10_000
)

// Pattern compiles a pattern within its bound.
func Pattern(text string) (*tree.Pattern, error) {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		var at *syntax.Error
		if errors.As(err, &at) {
			return nil, fmt.Errorf("the pattern cannot be read: %s: %s%s", at.Code, at.Expr, meantSign(at.Code))
		}
		return nil, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	if least := leastSize(parsed); least > 10*MaxPattern { // not worth compiling
		return nil, fmt.Errorf("the pattern has at least %d instructions, more than %d: simplify it", least, MaxPattern)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	if len(program.Inst) > MaxPattern {
		return nil, fmt.Errorf("the pattern has %d instructions, more than %d: simplify it", len(program.Inst), MaxPattern)
	}
	ranges := 0
	for _, inst := range program.Inst {
		ranges += len(inst.Rune)
	}
	if ranges > MaxRanges {
		return nil, fmt.Errorf("the pattern lists %d characters and ranges, more than %d: repeat classes such as \\pL less often", ranges, MaxRanges)
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	return &tree.Pattern{Regexp: compiled, Plan: search.New(compiled, parsed), Size: len(program.Inst), Weight: len(program.Inst) + ranges}, nil
}

// meantSign says what to do with a pattern that cannot be read: it may be one for
// file names, or a text with a sign that means something in patterns.
func meantSign(code syntax.ErrorCode) string {
	sign := ""
	switch code {
	case syntax.ErrMissingRepeatArgument:
		return ": patterns are regular expressions, where .* stands for anything"
	case syntax.ErrMissingParen:
		sign = "("
	case syntax.ErrUnexpectedParen:
		sign = ")"
	case syntax.ErrMissingBracket:
		sign = "["
	default:
		return ""
	}
	return ": for the sign " + sign + " itself, write \\" + sign + " in backticks, or use contains"
}

// leastSize is a lower bound of the instructions that a pattern compiles to:
// its characters, as often as they are repeated.
func leastSize(re *syntax.Regexp) int {
	size := len(re.Rune)
	if re.Op != syntax.OpLiteral {
		size = min(len(re.Rune), 1)
	}
	for _, sub := range re.Sub {
		size += leastSize(sub)
	}
	if re.Op == syntax.OpRepeat {
		size *= max(re.Min, re.Max)
	}
	return size
}
