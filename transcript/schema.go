package transcript

import (
	"reflect"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

// Schema is the JSON Schema of the rule files that Load reads, and of the
// files of tests beside them; see [rules.Schema]. It is the same whatever the
// options are.
func Schema(opts ...Option) ([]byte, error) {
	return rules.Schema[Survey, []email](optionsOf(opts).config())
}

// Reference lists what post-survey rules can read and call, functions of the
// options included, with examples from the event's sample.
func Reference(opts ...Option) (rules.Reference, error) {
	all, err := rules.ReferenceOf(reflect.TypeFor[Survey](), optionsOf(opts).config())
	if err != nil {
		return all, err
	}
	sample, err := events.DecodeEnvelope(events.ChatPostSurveyEmailTranscript.Sample())
	if err != nil {
		return all, err
	}
	return all.Sampled(sample.Payload)
}
