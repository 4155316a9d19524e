package events

import (
	"slices"
	"strconv"
)

// Commands is the result of a messaging event: what the conversation shall do.
// An empty list does nothing. The platform executes the first command of each
// type and drops later ones; First does the same. A single command that is not
// in a list is decoded as a list of one (platform documentation).
type Commands []Command

// A Command is one thing that a conversation shall do. SystemMessage,
// Transfer, TransferToAgent and CloseConversation make one.
type Command struct {
	Type CommandType `json:"type"`
	// Text is what a systemMessage says; it replaces the account's default
	// message. A single blank shows nothing.
	Text string `json:"text,omitempty"`
	// SkillID and AgentID say where a transfer goes: to a skill, or proposed
	// to an agent, or both.
	SkillID ID `json:"skillId,omitempty"`
	AgentID ID `json:"agentId,omitempty"`
}

// A CommandType says what a command does.
type CommandType string

// The types of commands.
const (
	CommandSystemMessage     CommandType = "systemMessage"
	CommandTransfer          CommandType = "transfer"
	CommandCloseConversation CommandType = "closeConversation"
)

// SystemMessage says a text in the conversation.
func SystemMessage(text string) Command { return Command{Type: CommandSystemMessage, Text: text} }

// Transfer moves the conversation to a skill.
func Transfer(skill ID) Command { return Command{Type: CommandTransfer, SkillID: skill} }

// TransferToAgent proposes the conversation to an agent of a skill. The skill
// may be empty.
func TransferToAgent(agent, skill ID) Command {
	return Command{Type: CommandTransfer, AgentID: agent, SkillID: skill}
}

// CloseConversation closes the conversation.
func CloseConversation() Command { return Command{Type: CommandCloseConversation} }

// First keeps the first command of each type, in order: those that the
// platform executes. The caller owns the list.
func (c Commands) First() Commands {
	var first Commands
	for _, command := range c {
		if !slices.ContainsFunc(first, func(kept Command) bool { return kept.Type == command.Type }) {
			first = append(first, command)
		}
	}
	return first
}

// loneElement marks a list whose single element may come without the list.
func (Commands) loneElement() {}

// check holds each command against what its type needs.
func (c Commands) check() (problems []Problem) {
	for i, command := range c {
		note := func(field, message string) {
			problems = append(problems, Problem{Path: "[" + strconv.Itoa(i) + "]." + field, Message: message})
		}
		switch command.Type {
		case CommandSystemMessage:
			if command.Text == "" {
				note("text", "is missing; a systemMessage needs it")
			}
		case CommandTransfer:
			if command.SkillID == "" && command.AgentID == "" {
				note("skillId", "is missing; a transfer needs it, or agentId")
			}
		case CommandCloseConversation:
		default:
			note("type", "must be one of: systemMessage transfer closeConversation")
		}
	}
	return problems
}
