// Package afterword is the front door of a house of packages, and has no code
// of its own. A conversation ends, a survey comes in; Afterword decides what
// happens next. It decides only: sending is left to the program that asked.
//
// # Packages
//
//   - [github.com/afterword-go/afterword/events]: what conversations report.
//     Kinds of events, their payloads and results, and strict decoding.
//   - [github.com/afterword-go/afterword/rules]: conditions in files. A small
//     language with three truth values, compiled once, for any type of input.
//   - [github.com/afterword-go/afterword/transcript]: the two together. Rules
//     decide which transcript e-mails a survey calls for.
//   - [github.com/afterword-go/afterword/faas]: functions on events, within the
//     limits and with the error codes of a functions platform.
//
// A chat server needs transcript, whose Load reads rule files and whose Decide
// turns a survey into e-mails. A program with events and rules of its own
// starts at rules, which knows nothing of conversations.
//
// # Floor plan
//
// Doors open downward only. Events and rules are the ground floor and do not
// know each other; transcript stands on both; faas stands on events. A test
// beside this file holds that plan, and which third-party modules each package
// may link.
package afterword
