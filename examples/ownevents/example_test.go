package main

import (
	"cmp"
	"fmt"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
)

// What rules about returns can read is told by the tags of Return, and by the
// kind's sample.
func Example_reference() {
	reference, err := rules.ReferenceOf(ReturnRequested.PayloadType(), rules.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	envelope, err := events.DecodeEnvelope(ReturnRequested.Sample())
	if err != nil {
		fmt.Println(err)
		return
	}
	reference, err = reference.Sampled(envelope.Payload)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range reference.Fields {
		fmt.Printf("%s (%s): %s %s\n", f.Name, f.Type, f.Meaning, cmp.Or(f.Example, "(no example)"))
	}
	// Output:
	// orderId (text): The number of the order. 20000000000000000001
	// articles (list of groups): What goes back. (no example)
	// articles[].name (text): The name of the article. lamp
	// articles[].pieces (whole number): How many pieces go back. 2
	// express (boolean): Whether the customer pays for the fast way; absent when not asked. false
}
