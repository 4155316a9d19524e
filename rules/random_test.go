package rules_test

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/expr-lang/expr/ast"
)

const (
	rulesInSet       = 16
	payloadsForRules = 8
)

// fromEnv reads how much a random test does, and with what seed.
func fromEnv(t *testing.T, name string, otherwise int) int {
	t.Helper()
	given := os.Getenv(name)
	if given == "" {
		return otherwise
	}
	n, err := strconv.Atoi(given)
	require.NoError(t, err, name)
	return n
}

// TestRandomConditions holds the library to the reference interpreter, for
// AFTERWORD_RANDOM pairs of a condition and a payload from AFTERWORD_SEED on.
func TestRandomConditions(t *testing.T) {
	n, seed := fromEnv(t, "AFTERWORD_RANDOM", 40_000), fromEnv(t, "AFTERWORD_SEED", 1)
	t.Logf("AFTERWORD_SEED=%d AFTERWORD_RANDOM=%d", seed, n)
	counts := newCensus()
	var refused []string
	made, failures := 0, map[string]bool{}
	for batch := 0; batch*rulesInSet*payloadsForRules < n; batch++ {
		random := random(seed, batch)
		texts := make([]string, rulesInSet)
		for i := range texts {
			texts[i] = (&expressions{Rand: random}).condition()
		}
		made += len(texts)
		kept, set, out := accepted(texts)
		refused = append(refused, out...)
		if set == nil {
			require.Less(t, len(refused), made/10, "%q", refused)
			continue
		}
		nodes := parsed(t, kept)
		for range payloadsForRules {
			p := payloads{Rand: random}
			payload := p.next()
			in, err := p.input(payload)
			require.NoError(t, err)
			decisions, err := decide(set, in)
			require.NoError(t, err)
			for i, d := range decisions {
				counts.add(nodes[i], payload)
				if wrong := disagreement(nodes[i], payload, d); wrong != "" && !failures[kept[i]] {
					failures[kept[i]] = true
					report(t, kept[i], payload, p, wrong)
				}
			}
		}
		require.Less(t, len(failures), 20, "too many to go on")
	}
	for i, example := range refused {
		if i < 20 {
			t.Logf("refused: %s", example)
		}
	}
	assert.LessOrEqual(t, len(refused)*50, made, "of the generated conditions, at most 2%% may be refused")
	counts.check(t)
}

func parsed(t *testing.T, texts []string) []ast.Node {
	t.Helper()
	nodes := make([]ast.Node, 0, len(texts))
	for _, text := range texts {
		node, err := parse(text)
		require.NoError(t, err, text)
		nodes = append(nodes, node)
	}
	return nodes
}

// report says what is wrong, and a smaller example of it where there is one.
func report(t *testing.T, text string, payload map[string]any, p payloads, wrong string) {
	t.Helper()
	small, less := shrink(text, payload, p)
	if again := disagrees(small, less, p); again != "" {
		wrong = again
	}
	encoded, err := json.Marshal(read(small, less))
	require.NoError(t, err)
	t.Errorf("%s\n%s\n\tfor %s\n\tmade from %s", wrong, small, encoded, text)
}

// read is the fields of a payload that a condition mentions. The registered
// functions read the items.
func read(text string, payload map[string]any) map[string]any {
	fields := map[string]any{}
	for name, v := range payload {
		if strings.Contains(text, name) || name == "items" && strings.Contains(text, "answer") || strings.Contains(text, "points") {
			fields[name] = v
		}
	}
	return fields
}
