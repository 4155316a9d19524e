package function

import (
	"context"
	"sync"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// mostSkills bounds how many skills are counted. What to change first.
const mostSkills = 500

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	var surveys counter
	return []faas.Function{
		faas.On(events.MessagingSurveyStarted, "my_function", surveys.count, faas.Description("Counts surveys, by skill.")),
	}, nil
}

// A counter counts surveys by skill. It counts those of this process alone, and
// from its beginning: what is to last belongs into a store outside. It may be
// used by several goroutines at once.
type counter struct {
	mu      sync.Mutex
	surveys map[events.ID]int
}

// count notes how many surveys of a skill have started.
func (c *counter) count(ctx context.Context, event events.Event[events.MessagingSurvey]) (events.Ignored, error) {
	skill := event.Payload.SkillID
	if n, counted := c.add(skill); counted {
		faas.Log(ctx).InfoContext(ctx, "a survey has started", "skill", string(skill), "surveys", n)
	} else {
		faas.Log(ctx).WarnContext(ctx, "a survey has started, and there are too many skills to count")
	}
	return events.Ignored{}, nil
}

// add counts one more. It does not count a skill beyond the most.
func (c *counter) add(skill events.ID) (n int, counted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.surveys[skill]; !known && len(c.surveys) >= mostSkills {
		return 0, false
	}
	if c.surveys == nil {
		c.surveys = map[events.ID]int{}
	}
	c.surveys[skill]++
	return c.surveys[skill], true
}
