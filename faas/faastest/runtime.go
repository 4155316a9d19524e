package faastest

import (
	"context"
	"errors"
	"fmt"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// build makes a function whose e-mails have the source as their subject.
func build(_ string, source []byte) (func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error), error) {
	subject := string(source)
	return func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
		return []events.TranscriptEmail{{TargetEmail: "to@example.com", SenderName: "S", SenderEmail: "from@example.com", Subject: subject}}, nil
	}, nil
}

// carriesRuntime leads functions through their life, and makes a second
// runtime of what the store has then.
func carriesRuntime(ctx context.Context, store faas.Store) error {
	config := faas.Config{Store: store, Builders: []faas.Builder{faas.Build(events.ChatPostSurveyEmailTranscript, build)}}
	first, err := faas.New(config)
	if err != nil {
		return err
	}
	if err := live(ctx, first); err != nil {
		return err
	}
	second, err := faas.New(config)
	if err != nil {
		return err
	}
	have, want := texts(second.Functions(faas.Filter{})), texts(first.Functions(faas.Filter{}))
	if fmt.Sprint(have) != fmt.Sprint(want) {
		return fmt.Errorf("a second runtime has the functions\n%.1000s\nand the first\n%.1000s", have, want)
	}
	results, err := faas.Invoke(ctx, second, events.ChatPostSurveyEmailTranscript, events.Event[events.PostSurvey]{})
	if err != nil {
		return err
	}
	if len(results) != 1 || len(results[0].Value) != 1 || results[0].Value[0].Subject != "one" {
		return fmt.Errorf("a second runtime serves %d functions, or not the version that was deployed", len(results))
	}
	return nil
}

// live leaves a function in service with a newer source that is not, and one
// that has never been in service.
func live(ctx context.Context, rt *faas.Runtime) error {
	event := events.ChatPostSurveyEmailTranscript.ID()
	r, err := rt.Create(ctx, faas.Draft{Name: "stays", Event: event, Source: "one"})
	gone, goneErr := rt.Create(ctx, faas.Draft{Name: "goes", Event: event, Source: "gone"})
	_, draftErr := rt.Create(ctx, faas.Draft{Name: "draft", Event: event})
	if err := errors.Join(err, goneErr, draftErr); err != nil {
		return err
	}
	two, three := "two", "three"
	_, deployed := rt.Deploy(ctx, r.ID)
	_, updated := rt.Update(ctx, r.ID, faas.Edit{Source: &two})
	r, again := rt.Deploy(ctx, r.ID)
	_, goneDeployed := rt.Deploy(ctx, gone.ID)
	if err := errors.Join(deployed, updated, again, goneDeployed); err != nil {
		return err
	}
	_, rolled := rt.Rollback(ctx, r.ID, r.Deployments[1].ID)
	_, newer := rt.Update(ctx, r.ID, faas.Edit{Source: &three})
	_, undeployed := rt.Undeploy(ctx, gone.ID)
	return errors.Join(rolled, newer, undeployed, rt.Delete(ctx, gone.ID))
}
