// Command afterword checks, tests, tries out, explains, formats and serves the
// rule files that decide who gets the transcript of a chat.
//
// # Usage
//
//	afterword check rules/
//	afterword test --cover rules/
//	afterword eval -e survey.json rules/
//	afterword explain -e survey.json rules/
//	afterword lint rules/
//	afterword fmt -d rules/
//	afterword serve --no-auth rules/
//
//	afterword init rules-of-mine
//	afterword events
//	afterword docs
//	afterword schema
//
// Every verb about rules takes files, folders with all files *.rules.yaml and *.rules.yml
// below them, and patterns such as 'rules/*.yaml', and reads them as one set of
// rules, as a server would. "afterword help VERB" tells more.
//
// # Exit codes
//
//	0  all is well
//	1  something was found: problems, failed tests, files to be formatted
//	2  wrong usage, or something could not be read or written
//
// # Privacy
//
// The verb explain, and test where a test fails, quote what they read. The
// others name fields and never say what is in them.
package main
