package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// The forms of output.
const (
	asText  = "text"
	asJSON  = "json"
	asJUnit = "junit"
	asSARIF = "sarif"
)

// An output is the form of a verb's output; it is the value of a flag.
type output struct {
	form  string
	among []string
}

// addOutput gives a verb the flag -o, with the forms that it has beside text.
func addOutput(verb *cobra.Command, forms ...string) *output {
	o := &output{asText, append([]string{asText}, forms...)}
	verb.Flags().VarP(o, "output", "o", "the `form` of the output: "+strings.Join(o.among, ", "))
	return o
}

func (o *output) String() string { return o.form }

func (o *output) Set(form string) error {
	if !slices.Contains(o.among, form) {
		return fmt.Errorf("this verb has %s", strings.Join(o.among, ", "))
	}
	o.form = form
	return nil
}

func (o *output) Type() string { return "form" }

// printf prints to standard output; run tells if that fails.
func (c *cli) printf(format string, args ...any) { fmt.Fprintf(c.out, format, args...) }

// printJSON prints a value for programs. A terminal may be there all the same.
func (c *cli) printJSON(v any) error {
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil {
		return err
	}
	c.printf("%s", plainJSON(text.Bytes()))
	return nil
}

// orDash is a text of a table; one that is empty shows as such.
func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
