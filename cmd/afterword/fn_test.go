package main

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
	"github.com/afterword-go/afterword/faas/schedule"
)

// everyVerb lists the verbs below one, and those below them.
func everyVerb(root *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, verb := range root.Commands() {
		all = append(append(all, verb), everyVerb(verb)...)
	}
	return all
}

// A gate is a gateway with the example's rules as the function transcripts, which
// was deployed twice, and as the function draft, which was not.
type gate struct {
	*httptest.Server
	rt *faas.Runtime
}

func openGate(t testing.TB) gate {
	t.Helper()
	return openGateWith(t, gateway.Config{NoAuth: true})
}

func openGateWith(t testing.TB, config gateway.Config, functions ...faas.Function) gate {
	t.Helper()
	rt, err := faas.New(faas.Config{Builders: []faas.Builder{builder(nil, nil)}, Functions: functions})
	require.NoError(t, err)
	source, err := os.ReadFile(exampleRules + "/transcripts.rules.yaml")
	require.NoError(t, err)
	for _, f := range []struct {
		name  string
		times int
	}{{"transcripts", 2}, {"draft", 0}} {
		r, err := rt.Create(t.Context(), faas.Draft{Name: f.name, Event: events.ChatPostSurveyEmailTranscript.ID(), Source: string(source)})
		require.NoError(t, err)
		for range f.times {
			_, err = rt.Deploy(t.Context(), r.ID)
			require.NoError(t, err)
		}
	}
	config.Account = defaultAccount
	// No due time passes while a test runs.
	opened := time.Now()
	config.Schedules, err = schedule.New(t.Context(), schedule.Config{Functions: rt, Now: func() time.Time { return opened }})
	require.NoError(t, err)
	handler, err := gateway.New(rt, config)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return gate{server, rt}
}

// ask runs a verb that asks the gateway.
func (g gate) ask(t testing.TB, args ...string) ran {
	t.Helper()
	return runWith(t.Context(), strings.NewReader(""), append(args, "--server", g.URL)...)
}

// TestFnScripts drives the verbs that ask a gateway, one for each script. With
// UPDATE_GOLDEN=1 it writes what they say into the scripts.
func TestFnScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/gateway",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_GOLDEN") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", noSleep)
			env.Setenv("AFTERWORD_SERVER", openGate(t).URL)
			return os.CopyFS(env.WorkDir+"/chatserver", os.DirFS("../../examples/chatserver"))
		},
	})
}

func TestListOfFunctions(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	got := g.ask(t, "fn", "list")
	assert.Equal(t, exitGood, got.code)
	assert.Regexp(t, `^NAME +EVENT +STATE +VERSION +DEPLOYED
transcripts +denver_post_survey_email_transcript +Productive +1 +\S+Z
draft +denver_post_survey_email_transcript +Draft +- +-
$`, got.out)
}
