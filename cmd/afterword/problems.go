package main

import (
	"strings"

	"github.com/afterword-go/afterword/rules"
)

// A problemReport is what check says in JSON, and every other verb that finds
// the rules unsound.
type problemReport struct {
	Files    int           `json:"files"`
	Rules    *int          `json:"rules,omitempty"` // of sound files only
	Tests    *int          `json:"tests,omitempty"`
	Problems []problemJSON `json:"problems"`
}

// A problemJSON is one thing that is wrong, without what is not known of it.
type problemJSON struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Message string `json:"message"`
}

// unsound tells the problems of rules, and is the error that ends the verb.
func (c *cli) unsound(form string, l loaded) error {
	switch form {
	case asJSON:
		report := problemReport{Files: len(l.files), Problems: []problemJSON{}}
		for _, p := range l.problems {
			report.Problems = append(report.Problems, problemJSON(p))
		}
		return found(c.printJSON(report))
	case asSARIF:
		return found(c.printSARIF(problemResults(l.problems)))
	case asJUnit:
		return found(c.printJUnit(problemSuites(l.problems)))
	}
	inFiles := map[string]bool{}
	for _, p := range l.problems {
		inFiles[p.File] = true
		c.printf("%s\n", c.paintProblem(p))
	}
	c.printf("%s in %s\n", c.paint(red, counted(len(l.problems), "problem")), counted(len(inFiles), "file"))
	return &findingsError{}
}

// found is the error that ends a verb which has printed what it found.
func found(err error) error {
	if err != nil {
		return err
	}
	return &findingsError{}
}

// paintProblem is a problem in one line, with its place in a colour.
func (c *cli) paintProblem(p rules.Problem) string {
	at := placeOf(p.File, p.Line, p.Column)
	return c.paint(faint, printable(at)) + printable(strings.TrimPrefix(p.String(), at))
}

// placeOf is how problems and findings begin: "file:line:col: ", as far as it
// is known.
func placeOf(file string, line, column int) string {
	return rules.Problem{File: file, Line: line, Column: column}.String()
}

// onlyErrors is what verbs say whose standard output is for something else.
func onlyErrors(l loaded) error {
	return &findingsError{&rules.LoadError{Problems: l.problems}}
}
