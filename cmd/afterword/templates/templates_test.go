package templates_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/cmd/afterword/templates"
	"github.com/afterword-go/afterword/events"
)

// Every event has one template that comes first, and it is listed in front of
// the others of the event.
func TestEveryEventHasATemplate(t *testing.T) {
	t.Parallel()
	first := map[string]string{}
	names := map[string]bool{}
	for _, template := range templates.All() {
		assert.False(t, names[template.Name], template.Name)
		names[template.Name] = true
		assert.NotEmpty(t, template.Shows, template.Name)
		if template.Event == "" {
			assert.False(t, template.Default, template.Name)
			continue
		}
		if _, ok := first[template.Event]; !ok {
			first[template.Event] = template.Name
			assert.True(t, template.Default, template.Name)
			continue
		}
		assert.False(t, template.Default, template.Name)
	}
	for kind := range events.Platform().All() {
		assert.NotEmpty(t, first[kind.ID()], kind.ID())
	}
	assert.Len(t, first, 15)
	assert.Len(t, names, 23)
}

// What a template makes is a program under the function's name.
func TestFiles(t *testing.T) {
	t.Parallel()
	for _, template := range templates.All() {
		t.Run(template.Name, func(t *testing.T) {
			t.Parallel()
			files, err := template.Files("given_name")
			require.NoError(t, err)
			var names []string
			for _, f := range files {
				names = append(names, f.Name)
				assert.NotContains(t, f.Name, "my_function")
				assert.NotContains(t, string(f.Data), "my_function", f.Name)
				assert.True(t, bytes.HasSuffix(f.Data, []byte("\n")), f.Name)
				if strings.HasSuffix(f.Name, ".go") {
					parsed, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.PackageClauseOnly)
					require.NoError(t, err)
					assert.Equal(t, "main", parsed.Name.Name, f.Name)
				}
				switch f.Name {
				case "envelope.json":
					_, err := events.DecodeEnvelope(f.Data)
					assert.NoError(t, err)
				case "function.go":
					assert.Contains(t, string(f.Data), `"given_name"`)
				case "README.md":
					assert.NotContains(t, string(f.Data), "<!--")
					assert.Contains(t, string(f.Data), "\n## Run it\n")
				}
			}
			assert.True(t, slices.IsSorted(names))
			assert.Subset(t, names, []string{"README.md", "envelope.json", "function.go", "function_test.go", "main.go", "main_test.go"})
			assert.Equal(t, template.Event == events.ChatPostSurveyEmailTranscript.ID(), slices.Contains(names, "given_name.rules.yaml"))
		})
	}
}

func TestFilesOfNoTemplate(t *testing.T) {
	t.Parallel()
	for _, template := range []templates.Template{{}, {Name: "none"}, {Name: "../templates"}, {Name: "frame"}} {
		_, err := template.Files("given_name")
		assert.Error(t, err, template.Name)
	}
}
