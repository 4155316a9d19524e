// Command afterword checks, tests, tries out, explains, formats and serves the
// rule files that decide who gets the transcript of a chat, proves what a change
// of them does, and begins functions of other kinds.
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
//	afterword witness rules/
//	afterword test --draft rules/
//	afterword test --mutate rules/
//	afterword replay surveys.ndjson.gz rules/
//	afterword diff old/ new/ --events surveys.ndjson.gz
//
//	afterword fn list
//	afterword fn deploy transcripts -f rules/care.rules.yaml
//	afterword fn schedule create NAME --times '0 6 * * *'
//	afterword invoke EVENT -e survey.json
//
//	afterword init rules-of-mine
//	afterword new NAME --template TEMPLATE
//	afterword secret list --data data --identity identity.txt
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
//	1  something was found: problems, failed tests, files to be formatted; or
//	   the gateway refuses what it is asked, or a function fails
//	2  wrong usage, or something could not be read or written
//
// # Privacy
//
// The verb explain, test where a test fails, and diff --show-payloads quote what
// they read; invoke, fn invoke and fn logs print what functions return and log,
// and replay prints e-mails. The others name fields and never say what is in them.
package main
