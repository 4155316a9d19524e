package function

import (
	"context"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// A survey that takes longer than this is worth a warning. What to change first.
const long = 10 * time.Minute

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.MessagingSurveyEnded, "my_function", note, faas.Description("Notes how long a survey took.")),
	}, nil
}

// note logs how long the survey took, and nothing of what was answered.
func note(ctx context.Context, event events.Event[events.MessagingSurvey]) (events.Ignored, error) {
	survey := event.Payload
	log := faas.Log(ctx).With("skill", string(survey.SkillID), "survey", string(survey.SurveyID))
	took, known := duration(survey.Dialogs)
	switch {
	case !known:
		log.WarnContext(ctx, "the event does not tell how long the survey took")
	case took > long:
		log.WarnContext(ctx, "the survey took long", "seconds", took.Seconds())
	default:
		log.InfoContext(ctx, "the survey has ended", "seconds", took.Seconds())
	}
	return events.Ignored{}, nil
}

// duration is how long the survey among the dialogs took. A survey that is
// still open, or has no sensible times, does not count.
func duration(dialogs []events.Dialog) (took time.Duration, known bool) {
	for _, d := range dialogs {
		if d.DialogType != "POST_SURVEY" || d.CreationTs == nil || d.EndTs == nil {
			continue
		}
		if took = time.UnixMilli(*d.EndTs).Sub(time.UnixMilli(*d.CreationTs)); took >= 0 {
			return took, true
		}
	}
	return 0, false
}
