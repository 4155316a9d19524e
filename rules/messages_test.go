package rules_test

import (
	"fmt"
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

// TestMessagesWithoutVars has rules that name constants where there are none.
func TestMessagesWithoutVars(t *testing.T) {
	for condition, want := range map[string]string{
		"vars.sender.name == note": "1:1: there are no vars here: add the key vars, beside the rules",
		"vars == 1":                "1:1: there are no vars here: add the key vars, beside the rules",
	} {
		_, err := rules.New(rules.Config{}, formRules(condition)...)
		assert.Equal(t, []string{want}, problemsOf(t, err), condition)
	}
}

// TestManyNames wants messages that list a few names of many, and look for the
// one that was meant among the first ones only.
func TestManyNames(t *testing.T) {
	vars := map[string]any{}
	for i := range 5000 {
		vars[fmt.Sprintf("constant%04d", i)] = i
	}
	cfg := rules.Config{Vars: vars}
	for condition, want := range map[string]string{
		"vars == 1": "1:1: vars is not a value: name one of its constants: vars.constant0000, vars.constant0001, vars.constant0002, " +
			"vars.constant0003, vars.constant0004, vars.constant0005, vars.constant0006, vars.constant0007, vars.constant0008, vars.constant0009, …",
		"vars.constant099 == 1":   "1:1: unknown constant vars.constant099 (did you mean vars.constant0099?)",
		"vars.constantt4999 == 1": "1:1: unknown constant vars.constantt4999 (did you mean vars.constant0499?)",
	} {
		_, err := rules.New(cfg, formRules(condition)...)
		assert.Equal(t, []string{want}, problemsOf(t, err), condition)
	}
}
