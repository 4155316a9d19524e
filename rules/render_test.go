package rules_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

func TestRender(t *testing.T) {
	for _, c := range []struct {
		text     rules.Text
		want     string
		constant bool
	}{
		{"", "", true},
		{"plain, }{ $ $x", "plain, }{ $ $x", true},
		{"$${note}", "${note}", true},
		{"$$${note}", "$${note}", true},
		{"a ${'b'} ${1 + 1} ${true} ${0.1 + 0.2}", "a b 2 true 0.30000000000000004", true},
		{"${vars.sender.name}, ${vars.sender.share}", "Example Contact Centre, 0.5", true},
		{"${date(vars.launch)}", "2026-01-31T00:00:00Z", true},
		{`${"}"}${'${'}${` + "`{`" + `}`, "}${{", true},
		{`${"\""}${'\''}`, `"'`, true},
		{"Rated ${csatRank} by ${agentName ?? 'nobody'}", "Rated 2 by John Doe", false},
		{"${timestamp}", "2026-02-01T12:30:00Z", false},
		{"${price} ${price * 4} ${price / 3} ${consent}", "2.5 10 0.8333333333333334 true", false},
		{"${len(filter(questionWithAnswers, {.score > 1}))}", "1", false},
		{"${join(map(questionWithAnswers, .answer), ', ')}", "It came late, Delivery|Other", false},
		{"${csatRank > 1 ? 'high' : 'low'}", "high", false},
		{"${ieq('a', 'A')}", "true", false},
		{"${note + \"\\r\\n\\t  x \\u2028y\"}!", "Über alles x y!", false},
		{"\r\n ${note} \t", "\r\n Über alles \t", false},
		{"${1e20} ${1e-7} ${123456789.5}", "1e+20 0.0000001 123456789.5", true},
	} {
		t.Run(string(c.text), func(t *testing.T) {
			set, err := formText(c.text)
			require.NoError(t, err)
			match, found, err := set.First(t.Context(), fullForm())
			require.NoError(t, err)
			require.True(t, found)
			text, err := match.Render(c.text)
			require.NoError(t, err)
			assert.Equal(t, c.want, text)
			assert.Equal(t, c.constant, match.Constant(c.text))
		})
	}
}

func TestRenderNamesWhatIsAbsent(t *testing.T) {
	in := holedForm()
	for text, want := range map[rules.Text]string{
		"${csatRank}": "1:3: rule \"rule-a\": csatRank is absent: give a default with ??",
		"Ü ${agentName} or ${agentName ?? skillName}":     "1:5: rule \"rule-a\": agentName is absent: give a default with ??",
		"${agentName ?? skillName}":                       "1:3: rule \"rule-a\": agentName, skillName are absent: give a default with ??",
		"${csatRank + 1}\n${csatRank}":                    "1:3: rule \"rule-a\": csatRank is absent: give a default with ??",
		"\nx${idle.agentNonResponsive.time}":              "2:4: rule \"rule-a\": idle.agentNonResponsive.time is absent: give a default with ??",
		"${holes[0]}":                                     "1:3: rule \"rule-a\": holes[0] is absent: give a default with ??",
		"${sum(holes)}":                                   "1:3: rule \"rule-a\": holes[0], holes[2] are absent: give a default with ??",
		"${marks[5]}":                                     "1:3: rule \"rule-a\": marks[5] is absent: give a default with ??",
		"${answer('Who?')}":                               "1:3: rule \"rule-a\": answer('Who?') is absent: give a default with ??",
		"${int(note)}":                                    "1:3: rule \"rule-a\": int(note) is absent: give a default with ??",
		"${sum(questionWithAnswers, .score)}":             "1:3: rule \"rule-a\": questionWithAnswers[0].score is absent: give a default with ??",
		"${asked ? 1 : 2}":                                "1:3: rule \"rule-a\": asked is absent: give a default with ??",
		"${string(csatRank) + agentName}":                 "1:3: rule \"rule-a\": csatRank, agentName are absent: give a default with ??",
		"${total > 1 ? csatRank : total} ${total}":        "",
		"${timestamp}":                                    "1:3: rule \"rule-a\": timestamp is absent: give a default with ??",
		"${(timestamp ?? date('2026-01-31'))}":            "",
		"${idle.agentNonResponsive.time ?? 0}${holes[1]}": "",
	} {
		set, err := formText(text)
		require.NoError(t, err)
		_, err = rendered(t, set, in)
		if want == "" {
			assert.NoError(t, err, text)
			continue
		}
		assert.EqualError(t, err, want, text)
		var placed *rules.RuleError
		assert.ErrorAs(t, err, &placed)
	}
}

func TestRenderWithTreatsWhatIsInserted(t *testing.T) {
	set, err := formText("<b>${note}</b> ${'<const>'} ${total}")
	require.NoError(t, err)
	match, _, err := set.First(t.Context(), fullForm())
	require.NoError(t, err)
	text, err := match.RenderWith(match.Then(), func(s string) (string, error) { return "[" + s + "]", nil })
	require.NoError(t, err)
	assert.Equal(t, "<b>[Über alles]</b> [<const>] [7]", text)

	_, err = match.RenderWith(match.Then(), func(s string) (string, error) {
		if s == "7" {
			return "", errBroken
		}
		return s, nil
	})
	require.ErrorIs(t, err, errBroken)
	assert.EqualError(t, err, `1:31: rule "rule-a": a value cannot be inserted: the service is down`)
}

func TestForeignTextIsRefused(t *testing.T) {
	set, err := formText("${total}")
	require.NoError(t, err)
	match, _, err := set.First(t.Context(), fullForm())
	require.NoError(t, err)
	for _, text := range []rules.Text{"", "${note}", "${total} "} {
		_, err = match.Render(text)
		assert.EqualError(t, err, `rule "rule-a": the text is not one of this rule's outcome`)
		assert.False(t, match.Constant(text))
	}
}

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a": "a", " a ": " a ", "a  b": "a b", "a \t b": "a b", "\r\na\n\nb\n": " a b ", "\u2028a\u2029b\u0085c\u00a0d\u3000": " a b c d ", "ü\v\f🤷": "ü 🤷", "   ": " ",
		"a\u200bb\x00c": "a\u200bb\x00c",
	} {
		assert.Equal(t, want, rules.Fold(text), "%q", text)
	}
}

// An outcomeTree has texts wherever reflection finds them.
type outcomeTree struct {
	Direct  rules.Text            `json:"direct"`
	Pointer *rules.Text           `json:"pointer"`
	Nil     *rules.Text           `json:"nil"`
	List    []rules.Text          `json:"list"`
	Array   [2]rules.Text         `json:"array"`
	Map     map[string]rules.Text `json:"map"`
	Any     any                   `json:"any"`
	Void    any                   `json:"void"`
	Inner   *outcomeTree          `json:"inner"`
	Structs []outcomeLeaf         `json:"structs"`
	Plain   string                `json:"plain"`
	Left    rules.Text            `json:"-"`
	outcomeLeaf
}

type outcomeLeaf struct {
	Leaf rules.Text `json:"leaf"`
}

func TestTextsAreFoundAtAnyDepth(t *testing.T) {
	then := outcomeTree{
		Direct: "direct ${total}", Pointer: new(rules.Text("pointer ${total}")), List: []rules.Text{"list 0 ${total}", "list 1"}, Array: [2]rules.Text{"array ${total}"},
		Map: map[string]rules.Text{"a": "map ${total}"}, Any: []any{map[string]any{"x": rules.Text("any ${total}")}, 1, nil, "text"},
		Inner:   &outcomeTree{Direct: "inner ${total}", Any: rules.Text("inner any")},
		Structs: []outcomeLeaf{{"leaf 0 ${total}"}, {"leaf 1"}}, Plain: "${not a text}", Left: "${not looked at}", outcomeLeaf: outcomeLeaf{"embedded ${total}"},
	}
	var seen []string
	cfg := formConfig()
	cfg.CheckText = func(info rules.TextInfo) error {
		assert.Equal(t, "tree", info.Rule)
		seen = append(seen, fmt.Sprintf("%s %t %q", info.Field, info.Constant, info.Value))
		return nil
	}
	set, err := rules.New(cfg, rules.Rule[Form, outcomeTree]{Name: "tree", When: rules.When[Form]("true"), Then: then})
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{
		`direct false ""`, `pointer false ""`, `list false ""`, `list true "list 1"`, `array false ""`, `array true ""`, `map false ""`, `any false ""`,
		`direct false ""`, `any true "inner any"`, `leaf false ""`, `leaf true "leaf 1"`, `leaf false ""`,
		`array true ""`, `array true ""`, `leaf true ""`,
	}, seen)
	match, _, err := set.First(t.Context(), fullForm())
	require.NoError(t, err)
	for _, text := range []rules.Text{"direct", "pointer", "list 0", "array", "map", "any", "inner", "leaf 0", "embedded"} {
		got, err := match.Render(text + " ${total}")
		require.NoError(t, err)
		assert.Equal(t, string(text)+" 7", got)
	}
	_, err = match.Render("${not a text}")
	assert.Error(t, err)
}

func TestCheckTextRefuses(t *testing.T) {
	cfg := rules.Config{CheckText: func(info rules.TextInfo) error {
		if info.Constant && !strings.Contains(info.Value, "@") {
			return errors.New("this is no address")
		}
		return nil
	}}
	_, err := rules.Parse[Form, []formMail](cfg, "f", []byte(`version: 1
event: e
rules:
  - name: a
    when: true
    then:
      - {to: nobody, subject: "${note}"}
      - to: a@${"b"}
        subject: >-
          folded
  - name: b
    when: nosuch
    then: {to: "${nosuch", subject: nobody}
`))
	var load *rules.LoadError
	require.ErrorAs(t, err, &load)
	var got []string
	for _, p := range load.Problems {
		got = append(got, p.String()[:min(len(p.String()), 60)])
	}
	assert.Equal(t, []string{
		`f:7:14: rule "a": this is no address`,
		`f:10:11: rule "a": this is no address`,
		`f:12:11: rule "b": unknown name nosuch; there are csatRank, `,
		`f:13:17: rule "b": ${ is not closed with }; write $${ for a `,
		`f:13:37: rule "b": this is no address`,
	}, got)
}
