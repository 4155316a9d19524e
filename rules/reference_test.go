package rules_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// least is the payload that has only what is required, all of it zero.
func least(s *shape) any {
	switch s.kind {
	case boolean:
		return false
	case whole:
		return int64(0)
	case number:
		return 0.0
	case text:
		return ""
	case moment:
		return time.Time{}
	case list:
		return []any{}
	}
	fields := map[string]any{}
	for _, f := range s.fields {
		if f.required && f.embedded == "" {
			fields[f.name] = least(f.shape)
		}
	}
	return fields
}

// given is the least payload with some fields set. Groups are given whole.
func given(fields map[string]any) map[string]any {
	payload := least(inShape).(map[string]any)
	maps.Copy(payload, generic(fields).(map[string]any))
	return payload
}

type fields = map[string]any

// item is an element of items and links.
func item(with fields) fields {
	element := least(inShape.find("items").elem).(map[string]any)
	maps.Copy(element, generic(with).(map[string]any))
	return element
}

type sentence struct {
	says      string // the sentence of docs/rules.md
	condition string
	given     fields
	want      string
	absent    []string
}

var (
	scored    = []any{item(fields{"score": 5}), item(fields{}), item(fields{"score": 1})}
	allScored = []any{item(fields{"score": 5}), item(fields{"score": 1})}
)

var aboutAbsence = []sentence{
	{"absent when the event does not have it", "csatRank <= 3", fields{}, "unknown", []string{"csatRank"}},
	{"none of these fires", "csatRank != 5", fields{}, "unknown", []string{"csatRank"}},
	{"none of these fires", "not (csatRank > 3)", fields{}, "unknown", []string{"csatRank"}},
	{"a comparison with something absent is unknown", "3 >= csatRank", fields{}, "unknown", []string{"csatRank"}},
	{"a comparison of texts is", `agentName == title`, fields{}, "unknown", []string{"agentName"}},
	{"a comparison of times is", `timestamp < date("2026-01-31")`, fields{}, "unknown", []string{"timestamp"}},
	{"a comparison of booleans is", `consent == enabled`, fields{}, "unknown", []string{"consent"}},
	{"a chained comparison is", `1 <= csatRank <= 3`, fields{}, "unknown", []string{"csatRank"}},
	{"a chained comparison is an and", `1 <= csatRank <= 0 and 1 > total > csatRank`, fields{}, "unknown", []string{"csatRank"}},
	{"a chained comparison is an and", `csatRank < total < total`, fields{}, "false", nil},
	{"a membership test is", `csatRank in [1, 2]`, fields{}, "unknown", []string{"csatRank"}},
	{"a membership test is", `total in [0, csatRank]`, fields{}, "unknown", []string{"csatRank"}},
	{"a membership test is", `csatRank not in 1..3`, fields{}, "unknown", []string{"csatRank"}},
	{"a membership test is", `total in 1..csatRank`, fields{}, "unknown", []string{"csatRank"}},
	{"a membership test is", `1 in holes`, fields{"holes": []any{1, nil}}, "unknown", nil},
	{"a match is", `skillName matches "a"`, fields{}, "unknown", []string{"skillName"}},
	{"a match is", `skillName not contains "a"`, fields{}, "unknown", []string{"skillName"}},
	{"a sum is", `csatRank + 1 > 0`, fields{}, "unknown", []string{"csatRank"}},
	{"a negative is", `-csatRank < 0`, fields{}, "unknown", []string{"csatRank"}},
	{"a call is", `lower(skillName) == "a"`, fields{}, "unknown", []string{"skillName"}},
	{"a call is", `ieq("a", skillName)`, fields{}, "unknown", []string{"skillName"}},
	{"and: false as soon as one side is", `csatRank > 3 and enabled`, fields{}, "false", nil},
	{"and: false as soon as one side is", `enabled and csatRank > 3`, fields{}, "false", nil},
	{"and: true when both are", `not enabled and total == 0`, fields{}, "true", nil},
	{"and: otherwise unknown", `csatRank > 3 and not enabled`, fields{}, "unknown", []string{"csatRank"}},
	{"and: otherwise unknown", `wide > 3 && csatRank > 3`, fields{}, "unknown", []string{"wide", "csatRank"}},
	{"or: true as soon as one side is", `csatRank > 3 or not enabled`, fields{}, "true", nil},
	{"or: true as soon as one side is", `not enabled || csatRank > 3`, fields{}, "true", nil},
	{"or: false when both are", `enabled or total > 0`, fields{}, "false", nil},
	{"or: otherwise unknown", `csatRank > 3 or enabled`, fields{}, "unknown", []string{"csatRank"}},
	{"not unknown is unknown", `not consent`, fields{}, "unknown", []string{"consent"}},
	{"not unknown is unknown", `not (consent and not enabled)`, fields{}, "unknown", []string{"consent"}},
	{"not unknown is unknown", `not (consent and enabled)`, fields{}, "true", nil},
	{"any is true as soon as it holds", `any(items, .score > 3)`, fields{"items": scored}, "true", nil},
	{"any is otherwise unknown", `any(items, .score > 7)`, fields{"items": scored}, "unknown", nil},
	{"any is false when false for every", `any(items, .score > 7)`, fields{"items": allScored}, "false", nil},
	{"not any", `not any(items, .score > 7)`, fields{"items": scored}, "unknown", nil},
	{"all follows suit", `all(items, .score > 3)`, fields{"items": scored}, "false", nil},
	{"all follows suit", `all(items, .score > 0)`, fields{"items": scored}, "unknown", nil},
	{"all follows suit", `all(items, .score > 0)`, fields{"items": allScored}, "true", nil},
	{"all follows suit", `all(notes, # == "a")`, fields{}, "unknown", []string{"notes"}},
	{"none follows suit", `none(items, .score > 3)`, fields{"items": scored}, "false", nil},
	{"none follows suit", `none(items, .score > 7)`, fields{"items": scored}, "unknown", nil},
	{"none follows suit", `none(items, .score > 7)`, fields{"items": allScored}, "true", nil},
	{"one is unknown as a whole", `one(items, .score > 3)`, fields{"items": scored}, "unknown", nil},
	{"one is unknown as a whole", `not one(items, .score > 0)`, fields{"items": scored}, "unknown", nil},
	{"filter is unknown as a whole", `len(filter(items, .score > 3)) >= 0`, fields{"items": scored}, "unknown", nil},
	{"count is unknown as a whole", `count(items, .score > 3) >= 0`, fields{"items": scored}, "unknown", nil},
	{"map is unknown as a whole", `5 in map(items, .score)`, fields{"items": scored}, "unknown", nil},
	{"sum is unknown as a whole", `sum(items, .score) > 0`, fields{"items": scored}, "unknown", nil},
	{"sum is unknown as a whole", `sum(holes) > 0`, fields{"holes": []any{1, nil}}, "unknown", nil},
	{"a choice is unknown when its condition is", `csatRank > 3 ? true : true`, fields{}, "unknown", []string{"csatRank"}},
	{"and otherwise what the chosen side is", `total > 3 ? consent : true`, fields{}, "true", nil},
	{"and otherwise what the chosen side is", `total < 3 ? consent : true`, fields{}, "unknown", []string{"consent"}},
	{"and otherwise what the chosen side is", `not (total < 3 ? false : consent)`, fields{}, "true", nil},
	{"a field of an absent group is absent", `far.inside.size == 0`, fields{}, "unknown", nil},
	{"a field of an absent group is absent", `far.idle.label == nil`, fields{}, "true", nil},
	{"a field of an absent group is absent", `any(links, .cost == nil)`, fields{"links": []any{nil}}, "true", nil},
	{"so is list[5] of a list of three", `tags[5] != "a"`, fields{"tags": []any{"a", "b", "c"}}, "unknown", nil},
	{"so is list[5] of a list of three", `tags[-4] == nil`, fields{"tags": []any{"a", "b", "c"}}, "true", nil},
	{"list[-1] is the last", `tags[-1] == "c"`, fields{"tags": []any{"a", "b", "c"}}, "true", nil},
	{"the result of a function that says so", `answer("a") != "b"`, fields{}, "unknown", []string{`answer("a")`}},
	{"the result of a function that says so", `answer("a") == nil`, fields{}, "true", nil},
	{"== nil is absent", `csatRank == nil`, fields{}, "true", nil},
	{"== nil is absent", `csatRank == nil`, fields{"csatRank": 3}, "false", nil},
	{"!= nil is there", `not (csatRank != nil)`, fields{}, "true", nil},
	{"?? is the default", `(csatRank ?? 3) <= 3`, fields{}, "true", nil},
	{"?? is the left side when there", `(csatRank ?? 3) <= 3`, fields{"csatRank": 4}, "false", nil},
	{"?? is unknown only if its right side is", `(csatRank ?? wide) <= 3`, fields{}, "unknown", []string{"csatRank", "wide"}},
	{"a text field that is empty counts as absent", `skillName == nil`, fields{"skillName": ""}, "true", nil},
	{"where the event says so", `title == ""`, fields{}, "true", nil},
	{"int is absent when not a whole number", `int(title) == nil`, fields{"title": "2.5"}, "true", nil},
	{"int drops the fraction", `int(price) == -2`, fields{"price": -2.5}, "true", nil},
	{"int drops the fraction", `int(price) + 1 < 0`, fields{"price": -0x1p63}, "true", nil},
	{"int of what is no whole number of 64 bits", `int(price) > 0`, fields{"price": 0x1p63}, "unknown", nil},
	{"int of what is no whole number of 64 bits", `int(price) > 0`, fields{"price": -1e19}, "unknown", nil},
	{"a list field that is empty counts as absent", `notes == nil`, fields{"notes": []any{}}, "true", nil},
	{"in: booleans", `enabled not in [consent, true]`, fields{"consent": true}, "true", nil},
	{"in: times", `made in [date("2026-01-31"), timestamp]`, fields{"made": moments[0], "timestamp": moments[2]}, "true", nil},
	{"float is absent when not a number", `float(title) == nil`, fields{"title": "NaN"}, "true", nil},
	{"division by zero is an error", `1 / total > 0`, fields{}, "error", nil},
	{"division by zero is an error", `1 / price > 0`, fields{}, "error", nil},
	{"a remainder by zero is an error", `1 % total > 0`, fields{}, "error", nil},
	{"an overflow is an error", `total + 1 > 0`, fields{"total": int64(1<<63 - 1)}, "error", nil},
	{"an overflow is an error", `-total > 0`, fields{"total": int64(-1 << 63)}, "error", nil},
	{"an overflow is an error", `sum(marks) > 0`, fields{"marks": []any{int64(1<<63 - 1), 1}}, "error", nil},
	{"an overflow is an error", `total * -1 > 0`, fields{"total": int64(-1 << 63)}, "error", nil},
	{"small fields do not overflow", `tiny + tiny == 510`, fields{"tiny": 255}, "true", nil},
	{"1 / 2 is 0.5", `1 / (total + 2) == 0.5`, fields{}, "true", nil},
	{"a skipped rule names what is absent, whatever fails beside it", `csatRank > 3 and 1 / total > 1`, fields{}, "unknown", []string{"csatRank"}},
	{"an absent place in a list is what is absent", `tags[int(title)] == "a"`, fields{"tags": []any{"a"}, "title": "x"}, "unknown", []string{"int(title)"}},
	{"an absent place in a list is what is absent", `filter(tags, # != "b")[int(title)] == "a"`, fields{"tags": []any{"a"}, "title": "x"}, "unknown", []string{"int(title)"}},
	{"an absent place in a list is what is absent", `items[sum(holes)].question == "a"`, fields{"items": scored, "holes": []any{nil}}, "unknown", nil},
	{"brackets stay in a name", `(notes ?? tags)[3] == "a"`, fields{"notes": []any{"a"}}, "unknown", []string{"(notes ?? tags)[3]"}},
	{"both ends of a range are read", `total in 2..half(1)`, fields{}, "error", nil},
}

// TestSentences holds both the reference and the library to what the document
// says, sentence by sentence.
func TestSentences(t *testing.T) {
	for _, s := range aboutAbsence {
		t.Run(s.says+": "+s.condition, func(t *testing.T) {
			payload := given(s.given)
			in, err := payloads{Rand: random(1, 1)}.input(payload)
			require.NoError(t, err)
			for _, f := range inShape.fields {
				if f.emptyIsOut && isEmpty(payload[f.name]) {
					delete(payload, f.name)
				}
			}
			n, err := parse(s.condition)
			require.NoError(t, err)
			assert.Equal(t, s.want, newReference(payload, false).eval(n).String(), "the reference")

			set, err := compile(s.condition)
			require.NoError(t, err)
			decisions, err := decide(set, in)
			require.NoError(t, err)
			assert.Equal(t, s.want, result(decisions[0].trace.Outcome), "the library")
			assert.Empty(t, disagreement(n, payload, decisions[0]))
			if s.absent != nil {
				assert.Equal(t, s.absent, decisions[0].trace.Absent)
			}
		})
	}
}

// TestTraceOfNegatedOperators wants no part to bear another part's text.
func TestTraceOfNegatedOperators(t *testing.T) {
	for _, condition := range []string{`total not in [1, 2]`, `title not contains "a"`, `title not matches "a"`} {
		set, err := compile(condition)
		require.NoError(t, err)
		trace := set.Explain(t.Context(), new(In)).Rules[0]
		assert.Equal(t, condition, trace.Condition.Text)
		assert.Equal(t, "true", trace.Condition.Truth.String())
		for _, part := range trace.Condition.Parts {
			assert.NotEqual(t, condition, part.Text, "a part of the opposite truth has the text of the whole")
		}
	}
}
