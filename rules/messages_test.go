package rules_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// blocksOf reads a golden file: blocks with a blank line between them, of which
// each begins with its input.
func blocksOf(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(data)), "\n\n")
}

// checkBlocks compares what is said of each block's first line with the lines
// behind it. With the environment variable REWRITE set, it writes these lines
// instead, to be read in review.
func checkBlocks(t *testing.T, path string, say func(t *testing.T, input string) []string) {
	t.Helper()
	var rewritten []string
	for _, block := range blocksOf(t, path) {
		input, want, _ := strings.Cut(block, "\n")
		t.Run(input, func(t *testing.T) {
			got := "\t" + strings.Join(say(t, input), "\n\t")
			rewritten = append(rewritten, input+"\n"+got)
			if os.Getenv("REWRITE") == "" {
				assert.Equal(t, want, got)
			}
		})
	}
	if os.Getenv("REWRITE") != "" {
		require.NoError(t, os.WriteFile(path, []byte(strings.Join(rewritten, "\n\n")+"\n"), 0o600))
	}
}

// TestMessages has everything that can be wrong with a condition.
func TestMessages(t *testing.T) {
	checkBlocks(t, "testdata/messages.txt", func(t *testing.T, condition string) []string {
		_, err := rules.New(formConfig(), formRules(condition)...)
		if err == nil {
			return []string{"loads"}
		}
		return problemsOf(t, err)
	})
}

// TestMessagesOfTexts has everything that can be wrong with a text.
func TestMessagesOfTexts(t *testing.T) {
	checkBlocks(t, "testdata/messages_of_texts.txt", func(t *testing.T, text string) []string {
		_, err := formText(rules.Text(text))
		if err == nil {
			return []string{"loads"}
		}
		return problemsOf(t, err)
	})
}
