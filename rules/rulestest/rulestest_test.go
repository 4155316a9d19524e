package rulestest_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/rulestest"
)

type order struct {
	Total int `json:"total"`
}

type discount struct {
	Text rules.Text `json:"text"`
}

const file = `version: 1
event: order
rules:
  - {name: large, when: total > 100, then: {text: "for ${total}"}}
`

const sound = file + `tests:
  - name: large
    given: {total: 101}
    expect: {fired: [large], outcomes: {text: for 101}}
    cases:
      - name: as it is
      - {name: small, given: {total: 100}, expect: {fired: [], outcomes: []}}
`

func parse(t *testing.T, text string) *rules.Set[order, discount] {
	t.Helper()
	set, err := rules.Parse[order, discount](rules.Config{}, "order.rules.yaml", []byte(text))
	require.NoError(t, err)
	return set
}

func TestRun(t *testing.T) { rulestest.Run(t, parse(t, sound), rules.Tester[order, discount]{}) }

// files are what the process that TestRunInAProcess starts may test.
var files = map[string]string{
	"sound": sound,
	"empty": file,
	"failing": file + `tests:
  - {name: passes, given: {total: 101}, expect: {fired: [large]}}
  - {name: fails, given: {total: 100}, expect: {fired: [large]}}
`,
}

const chosen = "AFTERWORD_RULESTEST_FILE"

func TestInAProcess(t *testing.T) {
	text, ok := files[os.Getenv(chosen)]
	if !ok {
		t.Skip("only in the process that TestRunInAProcess starts")
	}
	rulestest.Run(t, parse(t, text), rules.Tester[order, discount]{})
}

func TestRunInAProcess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file string
		ok   bool
		want []string
	}{
		{"sound", true, []string{"--- PASS: TestInAProcess/large/as_it_is", "--- PASS: TestInAProcess/large/small"}},
		{"empty", false, []string{"--- FAIL: TestInAProcess", "the rule file has no tests"}},
		{"failing", false, []string{
			"--- PASS: TestInAProcess/passes", "--- FAIL: TestInAProcess/fails",
			`order.rules.yaml:7:5: test "fails" failed`, "large: not fired: total > 100 is false (total = 100)",
		}},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			command := exec.Command(os.Args[0], "-test.run=^TestInAProcess$", "-test.v") //nolint:gosec // this test itself
			command.Env = append(os.Environ(), chosen+"="+c.file)
			out, err := command.CombinedOutput()
			assert.Equal(t, c.ok, err == nil, "%s", out)
			for _, want := range c.want {
				assert.Contains(t, string(out), want)
			}
		})
	}
}
