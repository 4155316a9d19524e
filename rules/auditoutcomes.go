package rules

import "context"

// Outcomes are what a rule that fired comes to, as a test compares it: what
// Outcome makes of it, as JSON decodes it, with a list taken apart. Nothing is no
// outcome. The error is the rule's.
func (t Tester[In, Then]) Outcomes(ctx context.Context, m Match[In, Then]) ([]any, error) {
	outcome, err := t.outcome(ctx, m)
	if err != nil {
		return nil, err
	}
	plain, err := asJSON(outcome)
	if err != nil {
		return nil, err
	}
	switch plain := plain.(type) {
	case nil:
		return nil, nil
	case []any:
		return plain, nil
	default:
		return []any{plain}, nil
	}
}
