package function

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
	"github.com/afterword-go/afterword/transcript/transcripttest"
)

func TestRules(t *testing.T) { transcripttest.Run(t, rules, "*.rules.yaml") }

// The rules and the function in Go decide alike, whatever the survey.
func TestDecideAlike(t *testing.T) {
	set, err := transcript.Load(rules, "*.rules.yaml")
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	sent := 0
	for range 20_000 {
		event := events.Event[events.PostSurvey]{Payload: anySurvey(random)}
		ours, err := Decide(t.Context(), event)
		require.NoError(t, err)
		theirs, err := set.Decide(t.Context(), event)
		require.NoError(t, err)
		require.ElementsMatch(t, ours, theirs, "%+v", event.Payload)
		sent += len(ours)
	}
	assert.Greater(t, sent, 100, "too few surveys say anything")
}

// anySurvey makes a survey, often one that is near to the condition.
func anySurvey(random *rand.Rand) events.PostSurvey {
	survey := events.PostSurvey{
		SkillName: mangled(random, "CustomerCare", "Customer Care", "Sales", ""),
		AgentName: mangled(random, "John Doe", "Jon Doe", "Jane Roe", ""),
	}
	if rank := random.IntN(6); rank > 0 {
		survey.CSATRank = &rank
	}
	return survey
}

// mangled chooses a text, the first one mostly, and changes its letters.
func mangled(random *rand.Rand, texts ...string) string {
	text := texts[max(0, random.IntN(2*len(texts))-len(texts))]
	switch random.IntN(8) {
	case 0:
		return strings.ToUpper(text)
	case 1:
		return strings.ToLower(text)
	case 2:
		return "x" + text + " y"
	case 3:
		return strings.NewReplacer("s", "ſ", "e", "é").Replace(text) // ſ is an s in another case, é no e
	case 4:
		return strings.Replace(text, "o", "o\n", 1)
	}
	return text
}
