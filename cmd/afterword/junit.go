package main

import (
	"encoding/xml"
	"fmt"

	"github.com/afterword-go/afterword/rules"
)

// The parts of JUnit's XML that are used.
type (
	junitSuites struct {
		XMLName  xml.Name      `xml:"testsuites"`
		Tests    int           `xml:"tests,attr"`
		Failures int           `xml:"failures,attr"`
		Errors   int           `xml:"errors,attr"`
		Suites   []*junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string     `xml:"name,attr"`
		Class   string     `xml:"classname,attr"`
		File    string     `xml:"file,attr,omitempty"`
		Line    int        `xml:"line,attr,omitempty"`
		Failure *junitText `xml:"failure"`
		Error   *junitText `xml:"error"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// suite is the suite of a file, made if there is none yet.
func (s *junitSuites) suite(file string) *junitSuite {
	for _, suite := range s.Suites {
		if suite.Name == file {
			return suite
		}
	}
	suite := &junitSuite{Name: file}
	s.Suites = append(s.Suites, suite)
	return suite
}

// add adds a case to the suite of its file, and counts it.
func (s *junitSuites) add(c junitCase) {
	suite := s.suite(c.File)
	c.Class = suite.Name
	suite.Cases = append(suite.Cases, c)
	suite.Tests++
	s.Tests++
	if c.Failure != nil {
		suite.Failures++
		s.Failures++
	}
	if c.Error != nil {
		suite.Errors++
		s.Errors++
	}
}

// problemSuites are problems as tests that could not be run.
func problemSuites(problems []rules.Problem) junitSuites {
	var out junitSuites
	for _, p := range problems {
		out.add(junitCase{Name: fmt.Sprintf("load %d:%d", p.Line, p.Column), File: p.File, Line: p.Line, Error: &junitText{p.Message, p.String()}})
	}
	return out
}

// printJUnit prints the results of tests as JUnit does.
func (c *cli) printJUnit(suites junitSuites) error {
	c.printf("%s", xml.Header)
	out := xml.NewEncoder(c.out)
	out.Indent("", "  ")
	if err := out.Encode(suites); err != nil {
		return err
	}
	c.printf("\n")
	return nil
}
