package afterword_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// The tests that the README shows are tests of the rules that it shows.
func TestReadmeShowsTestsThatPass(t *testing.T) {
	t.Parallel()
	_, tests, found := strings.Cut(read(t, "README.md"), "```yaml\ntests:\n")
	require.True(t, found)
	tests, _, _ = strings.Cut(tests, "```")
	set, err := transcript.Parse("care.rules.yaml", []byte(read(t, "examples/embedded/care.rules.yaml")+"tests:\n"+tests))
	require.NoError(t, err)
	results := set.RunTests(context.Background())
	assert.Len(t, results, 2)
	for _, result := range results {
		assert.True(t, result.Passed(), result.String())
	}
}

// What the README shows is what the examples hold and what the code says.
func TestReadmeShowsWhatIsThere(t *testing.T) {
	t.Parallel()
	readme := read(t, "README.md")
	assert.Contains(t, readme, "# care.rules.yaml\n"+read(t, "examples/embedded/care.rules.yaml"))

	example := read(t, "examples/embedded/example_test.go")
	_, body, _ := strings.Cut(example, "func Example() {\n")
	body, output, found := strings.Cut(body, "\t// Output: ")
	require.True(t, found)
	assert.Contains(t, readme, "```go\n"+strings.ReplaceAll(strings.TrimPrefix(body, "\t"), "\n\t", "\n")+"```")
	assert.Contains(t, readme, "This prints `"+strings.TrimSuffix(output, "\n}\n")+"`")
}

func TestReadmeQuotesProblemsAndReasons(t *testing.T) {
	t.Parallel()
	readme := read(t, "README.md")
	good := read(t, "examples/embedded/care.rules.yaml")

	wrong := strings.NewReplacer("csatRank <= 3", "csatrank <= 3", "senderName:", "sendrName:", "care-leads@example.com", "care-leads").Replace(good)
	_, err := transcript.Parse("care.rules.yaml", []byte(wrong))
	require.Error(t, err)
	assert.Contains(t, readme, "```\n"+err.Error()+"\n```")

	set, err := transcript.Parse("care.rules.yaml", []byte(good))
	require.NoError(t, err)
	five := 5
	var reasons strings.Builder
	for _, survey := range []events.PostSurvey{{CSATRank: &five, SkillName: "CustomerCare"}, {SkillName: "CustomerCare"}} {
		explained := set.Explain(context.Background(), events.Event[events.PostSurvey]{Payload: survey})
		require.NoError(t, explained.Err)
		reasons.WriteString(explained.Rules[0].Name + ": " + explained.Rules[0].Reason() + "\n")
	}
	assert.Contains(t, readme, "```\n"+reasons.String()+"```")
}
