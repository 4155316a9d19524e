package decisionlog

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

type order struct {
	Customer string `json:"customer"`
	Total    int    `json:"total"`
}

// TestFailuresQuoteNothing decides an order whose customer must not be told.
func TestFailuresQuoteNothing(t *testing.T) {
	t.Parallel()
	in := &order{Customer: "Jane Roe"}
	quoting := func(in *order, _ bool) (bool, error) { return false, fmt.Errorf("no account of %s", in.Customer) }
	list := []rules.Rule[order, rules.Text]{
		{Name: "zero", When: rules.When[order]("1 / total > 1")},
		{Name: "function", When: rules.When[order]("known(true)")},
		{Name: "go", When: rules.WhenFunc(func(_ context.Context, in *order) (bool, error) { _, err := quoting(in, true); return false, err })},
		{Name: "panic", When: rules.WhenFunc(func(_ context.Context, in *order) (bool, error) { panic(in.Customer) })},
		{Name: "insert", When: rules.When[order]("true"), Then: "To ${customer}"},
		{Name: "outcome", When: rules.When[order]("true"), Then: "outcome"},
	}
	set, err := rules.New(rules.Config{Functions: []rules.Function{rules.Func("known", quoting)}}, list...)
	require.NoError(t, err)
	refuse := func(text string) (string, error) { return "", fmt.Errorf("%s cannot be inserted", text) }
	audits := set.Auditor().Audit(t.Context(), in, func(m rules.Match[order, rules.Text]) error {
		if m.Then() == "outcome" {
			return fmt.Errorf("%s gets nothing", in.Customer)
		}
		_, err := m.RenderWith(m.Then(), refuse)
		return err
	})
	for i, want := range []Failure{
		{Rule: "zero", Line: 1, Column: 1, Message: "divides by zero"},
		{Rule: "function", Line: 1, Column: 1, Message: "the function known failed"},
		{Rule: "go", Message: "its Go function failed"},
		{Rule: "panic", Message: "panicked"},
		{Rule: "insert", Line: 1, Column: 6, Message: "a value cannot be inserted"},
		{Rule: "outcome", Message: "its Go code failed; what it says may quote the event, and is left out"},
	} {
		require.Error(t, audits[i].Err)
		assert.Equal(t, want, FailureOf(audits[i].Err, false))
		place := ""
		if want.Line > 0 {
			place = fmt.Sprintf("%d:%d: ", want.Line, want.Column)
		}
		text := MessageOf(audits[i].Err, false)
		assert.Equal(t, place+fmt.Sprintf("rule %q: ", want.Rule)+want.Message, text)
		assert.NotContains(t, text, "Jane Roe")
		if want.Rule == "outcome" {
			want.Message = "Jane Roe gets nothing"
		}
		assert.Equal(t, want, FailureOf(audits[i].Err, true), "trusted")
		assert.Contains(t, MessageOf(audits[i].Err, true), want.Message, "trusted")
	}
}

func TestFailuresOfTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	assert.Equal(t, Failure{Message: "context deadline exceeded"}, FailureOf(ctx.Err(), false))
	assert.Equal(t, Failure{Message: "context canceled"}, FailureOf(fmt.Errorf("Jane Roe: %w", context.Canceled), true))
	assert.Equal(t, Failure{Message: withheld}, FailureOf(errors.New("Jane Roe"), false))
	assert.Equal(t, "context deadline exceeded", MessageOf(ctx.Err(), false))
	assert.Equal(t, withheld, MessageOf(errors.New("Jane Roe"), false))
}
