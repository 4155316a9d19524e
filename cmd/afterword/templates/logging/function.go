package function

import (
	"context"
	"log/slog"
	"regexp"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// mostWarnings bounds the warnings of a run. A run that logs more than 10
// entries, or 6,000 characters in them, fails, and what it logged is lost: so do
// not log once for each thing of a list.
const mostWarnings = 5

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.NoEvent("my_function", check, faas.Description("Checks telephone numbers, and logs which are no good.")),
	}, nil
}

// A List is the payload.
type List struct {
	Numbers []string `json:"numbers"`
}

// A Count is the result.
type Count struct {
	Good int `json:"good"`
	Bad  int `json:"bad"`
}

// international is a telephone number with the code of its country.
var international = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// check counts good and bad numbers. It logs the places of bad ones and not the
// numbers themselves: they are personal, and logs go to other people.
func check(ctx context.Context, event events.Event[List]) (Count, error) {
	numbers := event.Payload.Numbers
	log := faas.Log(ctx).With("numbers", len(numbers)) // in each entry from here on
	log.DebugContext(ctx, "checking begins")           // seen in trials alone

	var count Count
	for i, number := range numbers {
		if international.MatchString(number) {
			count.Good++
			continue
		}
		if count.Bad++; count.Bad <= mostWarnings {
			log.WarnContext(ctx, "a number is no good", "place", i+1)
		}
	}

	level := slog.LevelInfo
	if count.Good == 0 && count.Bad > 0 {
		level = slog.LevelError // the list as a whole is wrong
	}
	log.Log(ctx, level, "numbers were checked", slog.Group("count", "good", count.Good, "bad", count.Bad))
	return count, nil
}
