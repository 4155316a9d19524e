package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// A progress shows on a terminal how far a replay is.
type progress struct {
	bar   *progressbar.ProgressBar
	of    *recording
	began time.Time
	shown time.Time
}

// progressEvery is how often it is shown.
const progressEvery = 100 * time.Millisecond

// newProgress is a bar with the time that is left, or without a size of the file
// what there has been so far.
func newProgress(w io.Writer, colour bool, of *recording) *progress {
	size := of.size
	if size == 0 {
		size = -1
	}
	theme := progressbar.Theme{Saucer: "#", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}
	if colour {
		theme.Saucer = "[green]#[reset]"
	}
	now := time.Now()
	return &progress{of: of, began: now, shown: now, bar: progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(w),
		progressbar.OptionEnableColorCodes(colour),
		progressbar.OptionSetTheme(theme),
		progressbar.OptionSetWidth(barWidth),
		progressbar.OptionSetSpinnerChangeInterval(0), // it would go on in the background
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)}
}

// show shows how many lines there have been, if it has not just done so.
func (p *progress) show(lines int) {
	now := time.Now()
	if now.Sub(p.shown) < progressEvery {
		return
	}
	p.shown = now
	p.bar.Describe(fmt.Sprintf("%d events, %.0f/s", lines, float64(lines)/now.Sub(p.began).Seconds()))
	read := p.of.read.Load()
	if p.of.size > 0 { // at its end it would be gone
		read = min(read, p.of.size-1)
	}
	_ = p.bar.Set64(read) // a terminal that is gone needs no bar
}

// end takes the bar away, if the terminal is still there.
func (p *progress) end() { _ = p.bar.Clear() }

// progressFor is the progress of a replay whose output has a form, or nil if there
// is no terminal for it.
func (c *cli) progressFor(form string, of *recording) *progress {
	if !isTerminal(c.err) || c.terminal && form == asNDJSON {
		return nil
	}
	return newProgress(c.err, wantsColour(os.Getenv), of)
}
