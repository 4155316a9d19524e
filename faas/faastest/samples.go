package faastest

import (
	"fmt"
	"strings"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// id is the i-th of some IDs.
func id(i int) string { return fmt.Sprintf("5f0c2a9e-0000-4000-8000-%012d", i) }

// sample is a record with all fields, in its first revision.
func sample(i int) faas.Record {
	at := time.Date(2026, 2, 28, 23, 59, 58, 123456789, time.UTC)
	return faas.Record{
		ID: id(i), Name: fmt.Sprint("function_", i), Description: "tells Care's leads",
		Event: events.ChatPostSurveyEmailTranscript.ID(), Skills: []string{"563267", "care"}, Source: "rules: []\n", InGo: true,
		Version: 3, State: faas.StateBuildError, Problem: "rules:1:8: is empty",
		Deployments: []faas.Deployment{
			{ID: id(1000 + i), Version: 2, Source: "version two", DeployedAt: at.Add(time.Hour), DeployedBy: "ada"},
			{ID: id(2000 + i), Version: 1, Source: "version one", DeployedAt: at, DeployedBy: "bob", UndeployedAt: at.Add(time.Minute)},
		},
		ConnectedAt: at.Add(time.Nanosecond), CreatedAt: at, CreatedBy: "ada", UpdatedAt: at.Add(2 * time.Hour), UpdatedBy: "bob", Revision: 1,
	}
}

// samples are records that a careless store does not keep as they are.
func samples() []faas.Record {
	everything, nothing := sample(0), faas.Record{Name: "nothing"}
	everything.Name = "everything"
	all := []faas.Record{everything, nothing}
	for name, text := range map[string]string{
		"markup":    `<a href="x">&amp;</a> "quoted" \back\slash 'single' -- ; DROP`,
		"languages": "Zoë Größe 転送 العربية 🙂 e\u0301 \u00e9 \u2028\u2029\ufeff\ufffd",
		"controls":  "\x00\x01\t\r\n\x1b\x7f\u0085",
		"blanks":    " \n\t ",
		"large":     strings.Repeat("🙂\x00", 50_000), // as large as a runtime lets a source be
	} {
		r := sample(0)
		r.Name, r.Source, r.Deployments[1].Source = name, text, text
		if name != "large" {
			r.Description, r.Problem, r.UpdatedBy, r.Skills = text, text, text, []string{text, ""}
		}
		all = append(all, r)
	}
	far := sample(0)
	far.Name, far.Version = "far", 1<<31-1
	far.CreatedAt = time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.FixedZone("", 0))
	far.UpdatedAt = time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC)
	far.ConnectedAt = time.Date(2026, 7, 1, 12, 0, 0, 1, time.FixedZone("", 5*3600+1800))
	return append(all, far)
}
