package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/transcript"
)

// pattern is what rule files are called.
const pattern = "*.rules.yaml"

// decisionTime is how long the rules may take for one survey. They take
// microseconds: this is for the rule in Go that one day asks a database.
const decisionTime = 5 * time.Second

//go:embed rules/*.rules.yaml
var builtInRules embed.FS

// connect makes a desk that decides as the options say.
func connect(o options) (*desk, error) {
	if o.legacy {
		return newDesk(nil)
	}
	live, err := transcript.NewLive(func() (*transcript.RuleSet, error) { return loadRules(o.rules) })
	if err != nil {
		return nil, err
	}
	return newDesk(live)
}

// newDesk makes a desk that decides by rules. With nil, no function is
// connected to the event.
func newDesk(live *transcript.Live) (*desk, error) {
	config := faas.Config{Timeout: decisionTime}
	if live != nil {
		config.Functions = []faas.Function{
			faas.On(events.ChatPostSurveyEmailTranscript, "transcript_rules", explaining(live)),
		}
	}
	runtime, err := faas.New(config)
	if err != nil {
		return nil, err
	}
	return &desk{events: events.Platform(), runtime: runtime, live: live, legacy: legacyRules}, nil
}

// loadRules loads the rule files of a folder, or without one those that are
// built in, and behind them the rule in Go.
func loadRules(dir string) (*transcript.RuleSet, error) {
	files, err := ruleFiles(dir)
	if err != nil {
		return nil, err
	}
	return transcript.Load(files, pattern, transcript.Func("vip-rated-below-5", vip))
}

func ruleFiles(dir string) (fs.FS, error) {
	if dir == "" {
		return fs.Sub(builtInRules, "rules")
	}
	// Load would say no more than that nothing matches.
	if _, err := os.ReadDir(dir); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	files := os.DirFS(dir)
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("rules: %s: no file is called %s", dir, pattern)
	}
	return files, nil
}
