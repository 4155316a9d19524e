// Command chatserver shows how a chat server decides, with Afterword, who gets
// the transcript of a chat when its customer has answered the survey.
//
// Without arguments it plays ten surveys through eight rules, and says for each
// rule why it fired or why it did not:
//
//	go run ./examples/chatserver
//
// The rules are those of rules/transcripts.rules.yaml and one in Go, in
// vip.go. They, and the surveys, are built into the program.
//
//	chatserver -survey FILE     decide one survey; - is standard input
//	chatserver -listen :8080    be a small chat server: POST /surveys
//	chatserver -h               tell of all flags
//
// The way of a survey through the program: survey.go decodes it, decide.go has
// it decided by the function that connect.go connects to the event, and
// report.go or endpoint.go tells what came of it. Where no function is connected,
// the server's own rules in legacy.go decide.
//
// The program decides and sends nothing.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
