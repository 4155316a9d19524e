package main

// A skill is what chats are about, and the people who know about it.
type skill struct {
	name    string
	share   int     // of a hundred chats
	mood    float64 // of its customers, on average, from 1 to 5
	refunds float64 // how many of the unhappy want their money back
	agents  []agent
}

// An agent makes customers happier than others do, or less happy.
type agent struct {
	name string
	mood float64
}

var skills = []skill{
	{"CustomerCare", 40, 3.9, 0.1, []agent{
		{"John Doe", -0.7}, {"Jane Roe", 0.5}, {"Richard Miles", 0}, {"Mary Major", 0.2}, {"Noor Example", 0.1}, {"Jörg Müller", 0},
	}},
	{"Billing", 23, 3.5, 0.35, []agent{
		{"Paula Penny", 0.2}, {"Sam Sample", -0.2}, {"Zoë Łukasiewicz", 0.4}, {"Max Mustermann", 0},
	}},
	{"Sales", 15, 4.3, 0.02, []agent{{"Erika Mustermann", 0.1}, {"Tom Bola", -0.3}, {"Ada Adams", 0.2}}},
	{"TechSupport", 13, 3.6, 0.1, []agent{{"Kim Kernel", 0.3}, {"Otto Optional", -0.4}, {"Li Lei", 0.1}}},
	{"Rückgabe", 9, 3.2, 0.5, []agent{{"Lieschen Müller", 0.3}, {"Hans Hansen", -0.1}}},
}

// grades are answers to how the service was, from the worst.
var grades = []string{"Poor", "Below Average", "Average", "Good", "Excellent"}

// wrong are answers to what went wrong.
var wrong = []string{"Long wait", "Unclear answer", "Had to repeat myself", "Not solved", "Unfriendly", "Other"}

var happy = []string{
	"Fast, friendly, solved. 🎉",
	"Thank you, that was quick!",
	"Best chat I have had in a long time.",
	"My question was answered before I had finished typing.",
	"Super Service, vielen Dank!",
	"Everything went well.",
}

var neutral = []string{
	"It took a while, but it worked out.",
	"I had to look for the chat on your page.",
	"The answer was right, the queue was long.",
	"My order number is A-10442.",
	"Please send the transcript to anna.berg@example.com.",
	"I would have liked to attach a photo.",
	"Opening hours on Sundays would help.",
	"The bot did not understand me, the agent did.",
}

var unhappy = []string{
	"I waited for forty minutes.",
	"Nobody could tell me where my parcel is.",
	"I was sent from one agent to the next.",
	"That is the third time that I have asked.",
	"The invoice is still wrong.",
	"The chat broke off in the middle.",
	"Leider wurde mein Problem nicht gelöst.",
	"I have explained everything twice, and then the chat was closed before I could say that the code which you sent to me had expired an hour before I got it.",
}

var refunds = []string{
	"I want my money back.",
	"When do I get my refund?",
	"I would like a REFUND, please.",
	"Ich möchte mein Geld zurück.",
	"Refund me, or I cancel.",
}

// likeMail are comments in which a line begins like the head of a mail. No rule
// may quote them.
var likeMail = []string{
	"I forward what I got from you:\nFrom: billing@example.com\nSubject: Your invoice",
	"Hello\nBcc: everybody@example.com",
}
