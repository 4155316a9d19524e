package conversations

import (
	"bytes"
	"slices"
	"time"
)

// A Conversation is what was said in one conversation.
type Conversation struct {
	// ID is the conversation's ID, general.convId in events.
	ID string
	// Messages are in the order in which they were sent.
	Messages []Message
}

// A Message is what somebody sent at once.
type Message struct {
	// ID is the message's ID within the conversation.
	ID string
	// Text is what was said. It is empty if there are only files.
	Text string
	// Sent is when the server got the message.
	Sent time.Time
	// By is who sent it: the ID or the role of a participant, as the server
	// tells them apart.
	By string
	// Files were sent with the message.
	Files []File
}

// A File is a file of a conversation, or one to replace it.
type File struct {
	// ID is the file's ID within the conversation. A file to replace another
	// needs none.
	ID string
	// Name is what the file is called, such as invoice.pdf.
	Name string
	// Type is the media type, such as image/png.
	Type string
	// Data is what is in the file. Servers that give conversations may leave
	// it nil.
	Data []byte
}

// clone copies all that a conversation holds.
func (c Conversation) clone() Conversation {
	c.Messages = slices.Clone(c.Messages)
	for i, m := range c.Messages {
		c.Messages[i].Files = slices.Clone(m.Files)
		for j, f := range c.Messages[i].Files {
			c.Messages[i].Files[j].Data = bytes.Clone(f.Data)
		}
	}
	return c
}
