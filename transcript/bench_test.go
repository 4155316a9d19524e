package transcript_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/transcript"
)

// bigFile is a rule file with n rules, and a test for each.
func bigFile(n int) []byte {
	var rules, tests strings.Builder
	for i := range n {
		fmt.Fprintf(&rules, `  - name: skill-%[1]d
    when: csatRank <= 3 and skillName == "Skill %[1]d" and agentName matches "(?i)^john"
    then:
      targetEmail: leads-%[1]d@example.com
      senderName: Example
      senderEmail: no-reply@example.com
      subject: Rated ${csatRank} in ${skillName}
`, i)
		fmt.Fprintf(&tests, `  - name: skill %[1]d
    given: {csatRank: 2, skillName: Skill %[1]d, agentName: John Doe}
    expect:
      fired: [skill-%[1]d]
      emails:
        - targetEmail: leads-%[1]d@example.com
          senderName: Example
          senderEmail: no-reply@example.com
          subject: Rated 2 in Skill %[1]d
`, i)
	}
	return []byte("version: 1\nevent: denver_post_survey_email_transcript\nrules:\n" + rules.String() + "tests:\n" + tests.String())
}

// BenchmarkCheckAndTest loads a file of 1,000 rules and runs its 1,000 tests.
// It prints the memory that was taken from the system as well.
func BenchmarkCheckAndTest(b *testing.B) {
	data := bigFile(1000)
	for b.Loop() {
		set, err := transcript.Parse("big.rules.yaml", data)
		require.NoError(b, err)
		results := set.RunTests(b.Context())
		require.Len(b, results, 1000)
		for _, result := range results {
			require.True(b, result.Passed(), result)
		}
	}
	reportMemory(b)
}

// BenchmarkCoverage tells what the same tests reach.
func BenchmarkCoverage(b *testing.B) {
	set, err := transcript.Parse("big.rules.yaml", bigFile(1000))
	require.NoError(b, err)
	for b.Loop() {
		require.Positive(b, set.Coverage(b.Context()).Percent())
	}
	reportMemory(b)
}

func reportMemory(b *testing.B) {
	b.Helper()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.Sys)/1e6, "MB-of-system")
}
