package main

import (
	"testing"

	"github.com/afterword-go/afterword/transcript/transcripttest"
)

// The tests beside the rules, each as a subtest.
func TestRules(t *testing.T) {
	files, err := ruleFiles("rules")
	if err != nil {
		t.Fatal(err)
	}
	transcripttest.Run(t, files, pattern)
}
