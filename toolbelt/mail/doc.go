// Package mail sends e-mails through an SMTP server: those that functions
// write, and the transcripts that a chat server was told to send.
//
// # Usage
//
// A function gets its client where it is built:
//
//	client, err := mail.New(mail.Config{
//		Host:     "smtp.example.com",
//		Username: "robot",
//		Password: readPassword, // func(context.Context) (string, error)
//	})
//	…
//	err = client.Send(ctx, mail.Message{
//		ID:      request.ID,
//		From:    mail.Address{Name: "Care", Email: "care@example.com"},
//		To:      []string{"leads@example.com"},
//		Subject: "A call is asked for",
//		Text:    text,
//	})
//
// A chat server makes a message of each e-mail that its function returned, and
// sends them all; one that fails does not stop the others:
//
//	var messages []mail.Message
//	for _, email := range emails {
//		message, err := mail.Transcript(email, conversation, transcript)
//		…
//		messages = append(messages, message)
//	}
//	for i, err := range client.SendAll(ctx, messages) {
//		if mail.Temporary(err) {
//			later = append(later, messages[i])
//		}
//	}
//
// Sending again is safe to recognise: the Message-ID follows from the decision
// and the e-mail, see [Message.MessageID]. Servers that know it may drop the
// second copy, but SMTP does not ask them to: keep a record of what was sent
// if twice is too often.
//
// # Limits
//
// A message has at most DefaultMaxRecipients recipients and DefaultMaxMessage
// bytes, and each sending takes at most DefaultTimeout, unless the Config says
// otherwise. An answer of the server has at most 64 KiB. There are no
// attachments, and addresses are in ASCII only.
//
// # Security
//
// No field can become a header, an address, a command or a part of its own:
// before anything is connected, addresses, names and subjects go through the
// checks that package transcript has; in the message, headers are plain ASCII
// or encoded words, and content is quoted-printable. HTML is not made
// harmless: escape in it what customers wrote.
//
// The connection is encrypted with TLS 1.2 or later and the server's
// certificate checked, before anybody logs in and before any address is named.
// If the server offers no STARTTLS, nothing is sent. The login is PLAIN or
// LOGIN. Nothing shows the password: not the Config, not the Client, no error.
//
// # Errors
//
// A config or message that is no good is refused with all its problems, one a
// line, by the names of the fields. What happens on the way is an [Error], with
// the place, the server's code and, apart from the text of the error, what the
// server said. Errors never hold addresses or content; Error.Answer may.
//
// A message is taken for all its recipients or for none. Where the answer got
// lost, Error.Unsure says that nobody knows.
//
// # Concurrency
//
// A Client may be used by several goroutines at once. Each Send, and each
// message of SendAll, has a connection of its own, which ends before Send
// returns. When the context ends, so does the connection.
//
// # Testing
//
// Security InsecureLoopback reaches a server on the own machine without TLS,
// such as one made with github.com/emersion/go-smtp. RootCAs lets a client
// trust the certificate of a test.
package mail
