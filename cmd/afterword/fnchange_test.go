package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Only what is given is sent, so that the rest stays as it is.
func TestWhatChanges(t *testing.T) {
	t.Parallel()
	file := fileWith(t, "rules: <ü>\n")
	for want, args := range map[string][]string{
		`POST /functions {"name":"f","description":"","eventId":"e","skills":["a","b"],"manifest":{"code":"rules: <ü>\n"}}`: {"create", "f", "-e", "e", "-f", file, "--skill", "a", "--skill", "b"},
		`PUT /functions/u {"name":"g"}`:                                {"update", "f", "--rename", "g"},
		`PUT /functions/u {"description":""}`:                          {"update", "f", "--description", ""},
		`PUT /functions/u {"skills":["a"]}`:                            {"update", "f", "--skill", "a"},
		`PUT /functions/u {"skills":[]}`:                               {"update", "f", "--all-skills"},
		`PUT /functions/u {"manifest":{"code":"rules: <ü>\n"}}`:        {"update", "u", "-f", file},
		`DELETE /functions/u `:                                         {"delete", "f"},
		`POST /deployments/u `:                                         {"deploy", "f"},
		`DELETE /deployments/u `:                                       {"undeploy", "f"},
		`POST /deployments/u/rollback {"deployment":"d"}`:              {"rollback", "f", "d"},
		`POST /deployments/u/rollback {"deployment":"the one before"}`: {"rollback", "f"},
	} {
		var changes []string
		g := foul(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			path := strings.TrimPrefix(r.URL.Path, "/api/account/local")
			if r.Method != http.MethodGet {
				assert.Equal(t, len(body) > 0, r.Header.Get("Content-Type") == "application/json")
				changes = append(changes, r.Method+" "+path+" "+plainAngles(string(body)))
			}
			record := `{"uuid":"u","name":"f","state":"Productive","lastDeployment":{"id":"now","deployedAt":"t"}}`
			switch {
			case path == "/functions" && r.Method == http.MethodGet:
				record = "[" + record + "]"
			case path == "/deployments/u":
				record = `[{"id":"now","deployedAt":"t"},{"id":"the one before","deployedAt":"s","undeployedAt":"t"}]`
			}
			answers(200, record)(w, r)
		})
		got := g.ask(t, append([]string{"fn"}, args...)...)
		assert.Equal(t, exitGood, got.code, got.errors)
		assert.Equal(t, []string{want}, changes, args)
	}
}

// plainAngles takes back how Go escapes what browsers would read.
func plainAngles(text string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(text)
}
