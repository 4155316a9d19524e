package rules_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/parser/operator"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/syntax"
)

// A Documented is what the examples of docs/rules.md read.
type Documented struct {
	CSATRank  *int           `json:"csatRank"`
	SkillName string         `json:"skillName,omitempty"`
	AgentName string         `json:"agentName,omitempty"`
	Questions []DocumentedQA `json:"questionWithAnswers"`
	Timestamp time.Time      `json:"timestamp,omitzero"`
	Idle      *FormIdle      `json:"idle"`
	Price     float64        `json:"price"`
	List      []DocumentedQA `json:"list"`
	X         string         `json:"x"`
	Texts     []string       `json:"texts"`
	Numbers   []int          `json:"numbers"`
	Text      string         `json:"text"`
}

// A DocumentedQA is a question with its answer.
type DocumentedQA struct {
	Question string `json:"question,omitempty"`
	Answer   string `json:"answer,omitempty"`
}

func documentedConfig() rules.Config {
	return rules.Config{
		Functions: []rules.Function{
			rules.Func("answer", func(*Documented, string) (string, bool) { return "", false }),
			rules.Func("answers", func(*Documented, string) ([]string, bool) { return nil, false }),
			rules.Func("ieq", strings.EqualFold),
		},
		Vars: map[string]any{"sender": map[string]any{"name": "a"}, "skills": []any{"a"}, "name": "a"},
	}
}

// loads tells whether a text is a condition, or else a value.
func loads(text string) error {
	_, err := rules.New(documentedConfig(), rules.Rule[Documented, rules.Text]{Name: "a", When: rules.When[Documented](text)})
	if err == nil {
		return nil
	}
	if _, wrong := rules.New(documentedConfig(), rules.Rule[Documented, rules.Text]{Name: "a", When: rules.When[Documented](text + " != nil")}); wrong == nil {
		return nil
	}
	for _, format := range []string{"${%s}", "${string(%s)}", "${len(%s)}", "${len(map(%s, 1))}"} {
		then := rules.Text(fmt.Sprintf(format, text))
		_, wrong := rules.New(documentedConfig(), rules.Rule[Documented, rules.Text]{Name: "a", When: rules.When[Documented]("true"), Then: then})
		if wrong == nil {
			return nil
		}
	}
	return err
}

func document(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../docs/rules.md")
	require.NoError(t, err)
	return string(data)
}

// section is a part of the document, with the parts below it.
func section(t *testing.T, title string) string {
	t.Helper()
	_, behind, found := strings.Cut(document(t), "\n## "+title+"\n")
	require.True(t, found, title)
	inside, _, _ := strings.Cut(behind, "\n## ")
	return inside
}

var (
	inCode  = regexp.MustCompile("`([^`\n]+)`")
	fenced  = regexp.MustCompile("(?s)\n```([a-z]*)\n(.*?)```")
	heading = regexp.MustCompile("(?m)^### (.*)$")
)

// codes are the inline codes of a text.
func codes(text string) []string {
	var all []string
	for _, m := range inCode.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// headed are the texts in code in the headings of a section.
func headed(t *testing.T, title string) []string {
	t.Helper()
	var all []string
	for _, m := range heading.FindAllStringSubmatch(section(t, title), -1) {
		all = append(all, codes(m[1])...)
	}
	require.NotEmpty(t, all)
	return all
}

// examplesOfOperators has a condition for every operator of expr.
var examplesOfOperators = map[string]string{
	"|": "list | len() > 0", "or": "price > 1 or price < 1", "||": "price > 1 || price < 1", "and": "price > 1 and price < 2", "&&": "price > 1 && price < 2",
	"==": "price == 1", "!=": "price != 1", "<": "price < 1", ">": "price > 1", ">=": "price >= 1", "<=": "price <= 1", "in": "x in texts",
	"matches": `x matches "a"`, "contains": `x contains "a"`, "startsWith": `x startsWith "a"`, "endsWith": `x endsWith "a"`, "..": "csatRank in 1..3",
	"+": "price + 1 > 2", "-": "price - 1 > 2", "*": "price * 2 > 2", "/": "price / 2 > 1", "%": "csatRank % 2 == 1", "**": "price ** 2 > 1", "^": "price ^ 2 > 1", "??": "(csatRank ?? 3) > 1",
	"not": "not (price > 1)", "!": "!(price > 1)", "unary -": "-price > 1", "unary +": "+price > 1", "? :": "price > 1 ? true : false",
}

// TestOperatorsOfTheDocument wants every operator of expr documented and
// accepted, or neither.
func TestOperatorsOfTheDocument(t *testing.T) {
	documented := headed(t, "Operators")
	left := section(t, "What is left out")
	for name := range operator.Binary {
		example, known := examplesOfOperators[name]
		require.True(t, known, "an operator that is new to expr: %s", name)
		accepted := loads(example) == nil
		assert.Equal(t, slices.Contains(documented, name), accepted, "%s", name)
		if !accepted {
			assert.Contains(t, codes(left), name, "what is refused is said to be left out")
		}
	}
	for name := range operator.Unary {
		key := name
		if name == "-" || name == "+" {
			key = "unary " + name
		}
		assert.Equal(t, name != "+", loads(examplesOfOperators[key]) == nil, key)
	}
	for _, name := range documented {
		example, known := examplesOfOperators[name]
		if assert.True(t, known, "no operator of expr: %s", name) {
			assert.NoError(t, loads(example), name)
		}
	}
	var tabled []string
	for line := range strings.SplitSeq(section(t, "Operators"), "\n") {
		if strings.HasPrefix(line, "| `") {
			tabled = append(tabled, codes(line)...)
		}
	}
	for _, name := range []string{"? :", "or", "and", "==", "in", "..", "+", "not", "*", "-x", "??", ".", "[ ]", "( )"} {
		assert.Contains(t, tabled, name)
	}
}

// TestRowsOfTheOperatorTable wants the order of binding that the table says,
// from the loosest to the tightest.
func TestRowsOfTheOperatorTable(t *testing.T) {
	rows := [][]string{}
	for line := range strings.SplitSeq(section(t, "Operators"), "\n") {
		if strings.HasPrefix(line, "| `") {
			rows = append(rows, codes(line))
		}
	}
	precedence := func(name string) int {
		switch name {
		case "? :":
			return -1
		case "-x":
			return operator.Unary["-"].Precedence
		case "not":
			return operator.Unary["not"].Precedence
		case ".", "[ ]", "( )":
			return 1000
		}
		op, known := operator.Binary[name]
		require.True(t, known, name)
		return op.Precedence
	}
	last := -2
	for _, row := range rows {
		first := precedence(row[0])
		assert.Greater(t, first, last, row)
		for _, name := range row {
			assert.Equal(t, first, precedence(name), name)
		}
		last = first
	}
}

// TestFunctionsOfTheDocument wants every function of expr documented and
// accepted, or neither.
func TestFunctionsOfTheDocument(t *testing.T) {
	var documented []string
	for _, signature := range headed(t, "Functions") {
		name, arguments, found := strings.Cut(signature, "(")
		require.True(t, found, signature)
		if !slices.Contains(documented, name) {
			documented = append(documented, name)
		}
		assert.NotEmpty(t, arguments)
	}
	examples := map[string]string{
		"any": "any(numbers, # > 1)", "all": "all(numbers, # > 1)", "none": "none(numbers, # > 1)", "one": "one(numbers, # > 1)", "filter": "len(filter(numbers, # > 1)) > 1",
		"map": "1 in map(numbers, # + 1)", "count": "count(numbers, # > 1) > 1", "sum": "sum(numbers) > 1", "len": "len(numbers) > 1", "lower": `lower(x) == "a"`, "upper": `upper(x) == "a"`,
		"trim": `trim(x) == "a"`, "int": "int(x) > 1", "float": "float(x) > 1", "string": `string(price) == "a"`, "join": `join(texts, ", ") == "a"`, "date": `date("2026-01-31") < timestamp`,
		"answer": `answer("a") == "b"`, "answers": `"b" in answers("a")`, "ieq": `ieq(x, "a")`,
	}
	for _, name := range documented {
		assert.NoError(t, loads(examples[name]), name)
	}
	assert.NoError(t, loads("sum(numbers, # * 2) > 1"))
	assert.Equal(t, append(check.Builtins(), "answer", "answers", "ieq"), documented)

	others := append(slices.Clone(builtin.Names), "get", "groupBy", "sortBy", "reduce", "find", "findIndex", "findLast", "findLastIndex")
	for _, name := range others {
		if slices.Contains(documented, name) {
			continue
		}
		for _, arguments := range []string{"", "x", "numbers", "numbers, #", "numbers, # > 1", "x, x", "numbers, 1", "x, x, x", "x, 1, 2"} {
			for _, format := range []string{"%s(%s)", "%s(%s) == nil", "%s(%s) == 1", `%s(%s) == "a"`, "len(%s(%s)) > 0"} {
				assert.Error(t, loads(fmt.Sprintf(format, name, arguments)), name)
			}
		}
	}
}

// fragments are codes of the document that are no values of a rule by
// themselves.
var fragments = []string{
	"hit: first", "null", "ieq", "mode", "enforce", "shadow", "off", "fixtures", "tests", "care_test.yaml", "care.rules_test.yaml", "care.rules.yaml",
	"given", "base", "set", "unset", "expect", "cases", "emails", "fired", "skipped", "error", "[]", "timestamp", "2026-01-31T18:00:00Z",
	`{csatRank: 3, "questionWithAnswers[0].answer": Poor}`,
	"vars.name", "vars.", "list[1:2]", "a", "b", "name", "when", "then", "description", "rules", "vars", "hit", "event", "version", "condition", "collect", "first", "any", "all", "none", "one", "filter", "map", "count", "sum",
	"not", "and", "or", ".answer", "answer", "#", "nil", "in", "matches", "contains", "startsWith", "endsWith", "-x", "? :", ".", "[ ]", "( )", "^", "$", "(?i)", "let", ";", "?.", "get", "$env", "**", "---", "-", "_", "${", "$${", "${…}",
	"question", "if { } else { }", "lead@example.com", "skipped: csatRank is absent", "condition ? a : b", `answer("…")`, `skillName == ""`, "int(answer(\"How likely are you to return?\")) >= 9",
	`"`, `'`, `\n`, `\t`, `\b`, `\u00e9`, `\\`, "&", "@", "?:", "//", "/* */",
	"never-fires", "constant-part", "unreachable", "duplicate-rule", "absent-in-text", "not-inserted", "untested-rule", "unused-var", "unused-fixture", "unanchored-pattern", "bad-ignore",
	"lint:ignore", "mode: off", "when: true", "a and b", "b and a", "vars.sale and csatRank <= 3",
	"{a: 1, b: [2, 3]}", `\|`, ">-", "rules.Text",
	"==", "!=", "<", "<=", ">", ">=", "..", "+", "*", "/", "%", "??", "|", "||", "&&", "!",
}

// TestExamplesOfTheDocument loads every code of the document that is not one
// of a few fragments.
func TestExamplesOfTheDocument(t *testing.T) {
	text := document(t)
	loaded := 0
	whole := ""
	for _, block := range fenced.FindAllStringSubmatch(text, -1) {
		if block[1] == "yaml" {
			file := block[2]
			if !strings.Contains(file, "version:") { // more keys for the file shown before
				file = whole + file
			} else {
				whole = file
			}
			set, err := rules.Parse[Documented, formLetter](rules.Config{Functions: documentedConfig().Functions}, "docs/rules.md", []byte(file))
			require.NoError(t, err)
			assert.Equal(t, 1, set.Len())
			for _, test := range set.Tests() {
				result := set.RunTest(t.Context(), test, rules.Tester[Documented, formLetter]{})
				assert.True(t, result.Passed(), result.String())
			}
			loaded++
			continue
		}
		for line := range strings.Lines(block[2]) {
			assert.NoError(t, loads(strings.TrimSpace(line)), line)
			loaded++
		}
	}
	for _, code := range codes(fenced.ReplaceAllString(text, "")) {
		if slices.Contains(fragments, code) || strings.HasPrefix(code, "afterword ") {
			continue
		}
		if inner, found := strings.CutPrefix(code, "${"); found {
			code = strings.TrimSuffix(inner, "}")
		}
		if strings.Contains(code, "${") {
			_, err := rules.New(documentedConfig(), rules.Rule[Documented, rules.Text]{Name: "a", When: rules.When[Documented]("true"), Then: rules.Text(strings.Trim(code, `"`))})
			assert.NoError(t, err, code)
			continue
		}
		if isSignature(code) {
			continue
		}
		loaded++
		assert.NoError(t, loads(code), code)
	}
	assert.Greater(t, loaded, 40)
}

// isSignature tells of the headings of functions.
func isSignature(code string) bool {
	return slices.Contains([]string{
		"any(list, condition)", "all(list, condition)", "none(list, condition)", "one(list, condition)", "filter(list, condition)", "map(list, value)", "count(list, condition)",
		"sum(list)", "sum(list, value)", "len(x)", "lower(text)", "upper(text)", "trim(text)", "int(x)", "float(x)", "string(x)", "join(list, separator)", "date(text)",
		"answer(question)", "answers(question)", "ieq(a, b)",
	}, code)
}

// A formLetter is the outcome of the document's example.
type formLetter struct {
	TargetEmail rules.Text `json:"targetEmail"`
	SenderName  rules.Text `json:"senderName"`
	SenderEmail rules.Text `json:"senderEmail"`
	Subject     rules.Text `json:"subject"`
}

// TestRefusalsOfTheDocument has what the document says is refused.
func TestRefusalsOfTheDocument(t *testing.T) {
	for _, text := range []string{
		`skillName == ""`, "let x = 1; true", "if csatRank > 1 { true } else { false }", "true; true", `{"a": 1}`, "list[1:2]", "2 ** 2 > 1", "2 ^ 2 > 1", "idle?.label == nil", "x.String() == x",
		"$env", `get($env, "x") == x`, `x == 1`, "x == nil", "csatRank == x", `"a" in 1..3`, "1..3", "x matches text", "date(text) > timestamp", "not csatRank > 3",
	} {
		assert.Error(t, loads(text), text)
	}
}

// TestBoundsOfTheDocument compares the table with the constants of the code.
func TestBoundsOfTheDocument(t *testing.T) {
	var rows []string
	for line := range strings.SplitSeq(section(t, "Bounds"), "\n") {
		if strings.HasPrefix(line, "| ") {
			rows = append(rows, line)
		}
	}
	mib, kib := func(n int) string { return strconv.Itoa(n>>20) + " MiB" }, func(n int) string { return strconv.Itoa(n>>10) + " KiB" }
	thousands := func(n int) string {
		s := strconv.Itoa(n)
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
		return s
	}
	want := map[string][]string{
		"rule file":           {mib(rules.MaxFile)},
		"condition or `${…}`": {kib(syntax.MaxBytes), thousands(syntax.MaxNodes) + " parts"},
		"text with `${…}`":    {kib(syntax.MaxBytes)},
		"brackets, negations and choices within one another":     {strconv.Itoa(syntax.MaxNesting)},
		"parts of a condition after absent fields are worked in": {thousands(kleene.MaxNodes)},
		"pattern": {thousands(syntax.MaxPattern) + " instructions", thousands(syntax.MaxRanges) + " characters"},
		"work of one rule, and of one text with `${…}`":     {thousands(eval.MaxSteps) + " steps", "every 64 bytes"},
		"text made by one rule, or by one text with `${…}`": {mib(eval.MaxText)},
	}
	seen := 0
	for _, row := range rows[1:] {
		cells := strings.Split(row, "|")
		numbers, known := want[strings.TrimSpace(cells[1])]
		if !known {
			t.Logf("a bound that is not compared: %s", row)
			continue
		}
		seen++
		for _, number := range numbers {
			assert.Contains(t, cells[2], number, row)
		}
	}
	assert.Equal(t, len(want), seen)
}
