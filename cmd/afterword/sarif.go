package main

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules"
)

// The levels of SARIF.
const (
	levelError   = "error"
	levelWarning = "warning"
	levelNote    = "note"
)

// A result is a finding for SARIF 2.1.0.
type result struct {
	id, level, message string
	file               string
	line, column       int // from 1, in characters
}

// problemID is what SARIF calls everything that keeps rules from being loaded.
const problemID = "unsound"

func problemResults(problems []rules.Problem) []result {
	var out []result
	for _, p := range problems {
		message := rules.Problem{Rule: p.Rule, Message: p.Message}.String()
		out = append(out, result{problemID, levelError, message, p.File, p.Line, p.Column})
	}
	return out
}

// printSARIF prints results as one run.
func (c *cli) printSARIF(results []result) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{
		Name:    "afterword",
		Version: version(),
		URI:     "https://github.com/afterword-go/afterword",
		Rules:   []sarifID{},
	}
	for _, r := range results {
		index := slices.Index(run.Tool.Driver.Rules, sarifID{r.id})
		if index < 0 {
			index = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifID{r.id})
		}
		run.Results = append(run.Results, r.sarif(index))
	}
	return c.printJSON(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

// The parts of SARIF 2.1.0 that are used.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name    string    `json:"name"`
		Version string    `json:"version"`
		URI     string    `json:"informationUri"`
		Rules   []sarifID `json:"rules"`
	}
	sarifID struct {
		ID string `json:"id"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPlace `json:"physicalLocation"`
	}
	sarifPlace struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

func (r result) sarif(index int) sarifResult {
	out := sarifResult{RuleID: r.id, RuleIndex: index, Level: r.level, Message: sarifText{r.message}}
	if r.file == "" {
		return out
	}
	place := sarifPlace{Artifact: sarifArtifact{fileURI(r.file)}}
	if r.line > 0 {
		place.Region = &sarifRegion{r.line, r.column}
	}
	out.Locations = []sarifLocation{{place}}
	return out
}

// fileURI is a path as a URI, relative if the path is.
func fileURI(path string) string {
	uri := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		uri.Scheme, uri.Path = "file", "/"+strings.TrimPrefix(uri.Path, "/")
	}
	return uri.String()
}
