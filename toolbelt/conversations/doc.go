// Package conversations is what functions need of a conversation's messages:
// to find keywords in them, and to replace the files that were sent.
//
// # Usage
//
// A function gets the conversation from the chat server, and scans it:
//
//	scanner, err := conversations.NewScanner("refund", "lawyer")
//	…
//	conversation, err := server.Conversation(ctx, event.Payload.General.ConvID)
//	…
//	hits, err := scanner.Scan(conversation)
//
// There is a hit for each message and keyword. NewScanner makes a scanner that
// finds keywords anywhere, also within words, as the scanner of the functions
// platform does; NewWordScanner makes one that finds whole words alone. Make a
// scanner once, and share it.
//
// Capital and small letters are the same, by the simple case folding of
// Unicode: ſ is an s, the Kelvin sign a k, and ẞ a ß, but ß is not ss. A letter
// with a dot or an accent is another letter, and so are the Turkish İ and ı. An
// é may be one character or an e and a combining accent, which are not the same
// here: bring keywords and messages to one form first if both occur.
//
// # Files
//
// ReplaceFiles replaces files of a conversation by another, such as a note that
// says the file was removed:
//
//	pictures := func(f conversations.File) bool { return strings.HasPrefix(f.Type, "image/") }
//	replaced, err := conversations.ReplaceFiles(ctx, server, conversation, pictures, conversations.File{})
//
// It goes on after a file that could not be replaced, and tells all of them. To
// try again, call it again.
//
// # For chat servers
//
// Implement Server: two methods, whose contract stands there. Memory is an
// implementation to look at.
//
// # Limits
//
// A scanner has at most MaxKeywords keywords of MaxKeyword characters. It scans
// conversations of at most MaxMessages messages with MaxText bytes of text
// altogether, and finds at most MaxHits hits; else there is an error, and no
// hits. Files are not bounded: ReplaceFiles ends when its context ends.
//
// # Privacy
//
// Hits quote what people said: keep them out of logs. Errors name conversations,
// files and keywords by their IDs and places, and quote nothing; what a Server
// says is up to it.
//
// # Concurrency
//
// A Scanner never changes, and a Memory may be used by several goroutines at
// once.
//
// # Testing
//
// NewMemory makes a chat server in memory, for tests of functions.
package conversations
