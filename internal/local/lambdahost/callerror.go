package lambdahost

import (
	"fmt"
	"strings"
)

// Kind says how a call failed.
type Kind string

// How a call can fail.
const (
	InitFailed Kind = "init error"     // the process reported an error, ended or took too long before its first call
	Errored    Kind = "function error" // the function answered with an error, or panicked
	TimedOut   Kind = "timeout"        // it took longer than it may, and was ended
	Crashed    Kind = "crash"          // the process ended without an answer
)

// A CallError is a call that the function is to blame for.
type CallError struct {
	Kind   Kind
	Detail string // the error as the process reported it, in JSON; else how the process ended
	Log    string // what the process wrote since it took the call, or since it started
}

func (e *CallError) Error() string {
	text := fmt.Sprintf("%s: %s", e.Kind, e.Detail)
	if log := strings.TrimSpace(e.Log); log != "" {
		text += "\n" + log
	}
	return text
}
