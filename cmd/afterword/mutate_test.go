package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A patientContext ends when it was asked often enough.
type patientContext struct {
	context.Context
	end  context.CancelFunc
	left atomic.Int64
}

func (p *patientContext) Err() error {
	if p.left.Add(-1) < 0 {
		p.end()
	}
	return p.Context.Err()
}

// TestMutateInterrupted wants what was found until then.
func TestMutateInterrupted(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString("version: 1\nevent: denver_post_survey_email_transcript\nrules:\n")
	for i := range 200 {
		fmt.Fprintf(&file, "  - name: r%d\n    when: csatRank == 1\n    then: {targetEmail: a@example.com, senderName: A, senderEmail: a@example.com, subject: A}\n", i)
	}
	file.WriteString("tests:\n  - {name: none, given: {csatRank: 3}, expect: {emails: []}}\n")
	name := filepath.Join(t.TempDir(), "many.rules.yaml")
	require.NoError(t, os.WriteFile(name, []byte(file.String()), 0o600))
	for form, holds := range map[string]string{"text": "of the changes are noticed by a test", "json": `"untried": `} {
		ctx, end := context.WithCancel(t.Context())
		patient := &patientContext{Context: ctx, end: end}
		patient.left.Store(20_000)
		got := runWith(patient, nil, "test", "--mutate", "-o", form, name)
		end()
		assert.Equal(t, exitTrouble, got.code)
		assert.Contains(t, got.out, holds)
		assert.Regexp(t, `^afterword: interrupted: [1-9]\d* of \d+ mutants were tried\n$`, got.errors)
	}
}
