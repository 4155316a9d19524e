// Package templates holds the functions to begin with: one for each event of
// the platform, two more for the end of a conversation, and six that no event
// raises.
//
// Each is a folder beside this file: a Go package with a function, its test,
// a page that tells about it, and a sample envelope where no event has one.
// They are built and tested with all else, and become programs of their own by
// Files.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/events"
)

//go:embed */*
var folders embed.FS

// frame is the folder with what is the same for every function.
const frame = "frame"

// placeholder stands for the function's name in every file, and packageClause
// begins the Go files.
const (
	placeholder   = "my_function"
	packageClause = "package function\n"
)

// A Template is a function to begin with.
type Template struct {
	Name    string `json:"name"`    // such as messaging-conversation-end
	Event   string `json:"event"`   // the wire ID; empty: no event raises it
	Shows   string `json:"shows"`   // what it shows, in a few words
	Default bool   `json:"default"` // the one for its event
}

// All lists the templates: those of events in the order of the platform's, the
// default of an event in front, and then those without one.
func All() []Template {
	on := func(kind events.AnyKind, name, shows string) Template {
		return Template{Name: name, Event: kind.ID(), Shows: shows, Default: true}
	}
	more := func(kind events.AnyKind, name, shows string) Template {
		return Template{Name: name, Event: kind.ID(), Shows: shows}
	}
	return []Template{
		on(events.ChatPostSurveyEmailTranscript, "chat-post-survey-email-transcript", "rules and their twin in Go choose who gets a transcript"),
		on(events.MessagingNewConversation, "messaging-new-conversation", "greet, and send to another skill at first contact"),
		on(events.MessagingParticipantChange, "messaging-participants-change", "tell the customer that somebody joined or left"),
		on(events.MessagingTTR, "messaging-ttr", "send what has become urgent to a skill of its own"),
		on(events.MessagingConversationIdle, "messaging-conversation-idle", "remind, and close when nobody writes any more"),
		on(events.MessagingConversationRouting, "messaging-conversation-routing", "say where a conversation goes"),
		on(events.MessagingLineInOffHours, "messaging-line-in-off-hours", "answer who writes when nobody is there"),
		on(events.MessagingConversationEnd, "messaging-conversation-end", "take leave as it fits who ended the conversation"),
		more(events.MessagingConversationEnd, "keyword-scanner", "look for words in a conversation that has ended"),
		more(events.MessagingConversationEnd, "replace-files", "replace the files of a conversation that has ended"),
		on(events.MessagingSurveyStarted, "messaging-survey-started", "count surveys, by skill"),
		on(events.MessagingSurveyEnded, "messaging-survey-ended", "note how long a survey took"),
		on(events.ConversationalCommand, "conversational-command", "answer what an agent typed"),
		on(events.ThirdPartyBotsCustomIntegration, "third-party-bots-custom-integration", "be the bot: answer, or hand over to people"),
		on(events.ThirdPartyBotsPreHook, "third-party-bots-pre-hook", "change what goes to a bot"),
		on(events.ThirdPartyBotsPostHook, "third-party-bots-post-hook", "change what a bot answered"),
		on(events.ThirdPartyBotsErrorHook, "third-party-bots-error-hook", "note what went wrong with a bot"),
		{Name: "greeting", Shows: "the smallest function there is"},
		{Name: "http", Shows: "ask an HTTP service that is on a list"},
		{Name: "logging", Shows: "levels and attributes of what a function logs"},
		{Name: "salesforce", Shows: "connect to Salesforce and run a query"},
		{Name: "secret-storage", Shows: "read and update a secret: rotate a key"},
		{Name: "email-client", Shows: "send a mail to recipients that are set beforehand"},
	}
}

// A File is a file of a function to begin with.
type File struct {
	Name string
	Data []byte
}

// Files are those of a function with a name, which is 1 to 50 letters, digits
// and underscores: a package main without a go.mod. They are sorted by name.
func (t Template) Files(function string) ([]File, error) {
	files, err := read(frame)
	if err != nil {
		return nil, err
	}
	own, err := read(t.Name)
	if err != nil {
		return nil, err
	}
	files = append(files, own...)
	if i := slices.IndexFunc(files, func(f File) bool { return f.Name == envelopeFile }); i < 0 {
		sample, err := t.sample()
		if err != nil {
			return nil, err
		}
		files = append(files, File{envelopeFile, sample})
	}
	if files, err = withPage(files); err != nil {
		return nil, fmt.Errorf("template %s: %w", t.Name, err)
	}
	for i, f := range files {
		files[i].Name = strings.ReplaceAll(f.Name, placeholder, function)
		files[i].Data = bytes.ReplaceAll(f.Data, []byte(placeholder), []byte(function))
		if strings.HasSuffix(f.Name, ".go") {
			files[i].Data = bytes.Replace(files[i].Data, []byte(packageClause), []byte("package main\n"), 1)
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

// The files that are made of others.
const (
	envelopeFile = "envelope.json" // an envelope to try the function with
	pageFile     = "README.md"     // of the frame, with the template's own page in it
	aboutFile    = "about.md"
	aboutHere    = "<!-- about -->\n"
)

// withPage puts the page of a template into that of the frame.
func withPage(files []File) ([]File, error) {
	var page, about int = -1, -1
	for i, f := range files {
		switch f.Name {
		case pageFile:
			page = i
		case aboutFile:
			about = i
		}
	}
	if page < 0 || about < 0 || !bytes.Contains(files[page].Data, []byte(aboutHere)) {
		return nil, fmt.Errorf("has no %s for the %s of the frame", aboutFile, pageFile)
	}
	files[page].Data = bytes.Replace(files[page].Data, []byte(aboutHere), files[about].Data, 1)
	return slices.Delete(files, about, about+1), nil
}

// sample is an envelope of the template's event.
func (t Template) sample() ([]byte, error) {
	kind, err := events.Platform().Lookup(t.Event)
	if err != nil {
		return nil, fmt.Errorf("template %s: it has no %s, and %w", t.Name, envelopeFile, err)
	}
	return append(bytes.TrimSpace(kind.Sample()), '\n'), nil
}

// read reads the files of a folder. Those that end in .txt lose the ending: so
// a file of the frame can be in Go and stay out of this module's build.
func read(folder string) ([]File, error) {
	entries, err := fs.ReadDir(folders, folder)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, entry := range entries {
		data, err := folders.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, File{strings.TrimSuffix(entry.Name(), ".txt"), data})
	}
	return files, nil
}
