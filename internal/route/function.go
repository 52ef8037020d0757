package route

import (
	"slices"
	"time"
)

// Trigger says what starts a function.
type Trigger string

// What starts a function.
const (
	HTTP Trigger = "http" // the routes that name it
)

// Access is what a function may do with a store. The zero value is nothing.
type Access string

// What a function may do with a store.
const (
	Read      Access = "read"
	ReadWrite Access = "read_write"
)

// A Function is one deployed program: functions/<Name>/main.go.
type Function struct {
	Name        string
	Purpose     string // one line for people: the function's description in the console
	Trigger     Trigger
	MemoryMB    int // buys CPU in proportion; a full core is at 1,769 MB
	Timeout     time.Duration
	Table       Access   // to the DynamoDB table; zero: none
	Uploads     Access   // to the bucket of recordings; zero: none
	Environment []string // the names of the variables it reads
}

// Functions are all functions of Stride.
var Functions = []Function{
	{
		Name:        "generate",
		Purpose:     "Makes a marathon plan from five answers.",
		Trigger:     HTTP,
		MemoryMB:    512,
		Timeout:     5 * time.Second,
		Environment: []string{"STRIDE_STAGE"},
	},
	{
		Name:        "metrics",
		Purpose:     "Computes heart-rate zones, critical speed and race predictions.",
		Trigger:     HTTP,
		MemoryMB:    512,
		Timeout:     5 * time.Second,
		Environment: []string{"STRIDE_STAGE"},
	},
	{
		Name:        "health",
		Purpose:     "Says that Stride is up.",
		Trigger:     HTTP,
		MemoryMB:    128,
		Timeout:     3 * time.Second,
		Environment: []string{"STRIDE_STAGE"},
	},
	{
		Name:        "docs",
		Purpose:     "Serves the contract of the API, and pages about it.",
		Trigger:     HTTP,
		MemoryMB:    128,
		Timeout:     3 * time.Second,
		Environment: []string{"STRIDE_STAGE"},
	},
	{
		Name:        "fallback",
		Purpose:     "Answers 404 and 405, which an HTTP API cannot shape itself.",
		Trigger:     HTTP,
		MemoryMB:    128,
		Timeout:     3 * time.Second,
		Environment: []string{"STRIDE_STAGE"},
	},
}

// FunctionNamed returns the function of that name.
func FunctionNamed(name string) (Function, bool) {
	i := slices.IndexFunc(Functions, func(f Function) bool { return f.Name == name })
	if i < 0 {
		return Function{}, false
	}
	return Functions[i], true
}
