package route

import (
	"slices"
	"time"
)

// Trigger says what starts a function.
type Trigger string

// What starts a function.
const (
	HTTP     Trigger = "http"     // the routes that name it
	Queue    Trigger = "queue"    // messages of the queue of its name
	Rotation Trigger = "rotation" // each deploy of it, the schedule of the secret, and once a day
)

// Access is what a function may do with a store. The zero value is nothing.
type Access string

// What a function may do with a store.
const (
	Read      Access = "read"
	ReadWrite Access = "read_write"
)

// Objects is what a function does with a part of the bucket of recordings.
type Objects struct {
	Keys    string   // of the objects, as IAM matches them: "*/files/*"
	Actions []string // as IAM names them, sorted; what lists is about the whole bucket
}

// A Function is one deployed program: functions/<Name>/main.go.
type Function struct {
	Name        string
	Purpose     string // one line for people: the function's description in the console
	Trigger     Trigger
	MemoryMB    int // buys CPU in proportion; a full core is at 1,769 MB
	Timeout     time.Duration
	Table       Access    // to the DynamoDB table; zero: none
	Actions     []string  // what it does there, as IAM names it, sorted; a transaction is what it consists of
	Keys        []string  // first parts of the partition keys it touches: RUNNER for RUNNER#<id>
	Uploads     []Objects // what it does with the bucket of recordings; zero: nothing
	Uploaded    string    // how the keys of new objects end that its queue is told of; zero: of none
	Secret      Access    // to the secret; zero: none
	Issuer      Access    // to the issuer's documents; zero: none
	Queue       string    // the function whose queue it fills; zero: none
	Environment []string  // the names of the variables it reads
}

// signing are the variables of functions that know runners.
var signing = []string{"STRIDE_STAGE", "STRIDE_TABLE", "STRIDE_SECRET", "STRIDE_ISSUER", "STRIDE_AUDIENCE"}

// recorded are those of functions that sign or keep recordings as well.
var recorded = append([]string{"STRIDE_UPLOADS"}, signing...)

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
		Name:        "register",
		Purpose:     "Makes an account and signs its owner in.",
		Trigger:     HTTP,
		MemoryMB:    1769,
		Timeout:     10 * time.Second,
		Table:       ReadWrite,
		Actions:     []string{"PutItem", "UpdateItem"},
		Keys:        []string{"EMAIL", "LIMIT", "RUNNER"},
		Secret:      Read,
		Environment: append([]string{"STRIDE_BCRYPT_COST"}, signing...),
	},
	{
		Name:        "login",
		Purpose:     "Signs a runner in.",
		Trigger:     HTTP,
		MemoryMB:    1769,
		Timeout:     10 * time.Second,
		Table:       ReadWrite,
		Actions:     []string{"ConditionCheckItem", "GetItem", "PutItem", "Query", "UpdateItem"},
		Keys:        []string{"EMAIL", "LIMIT", "RUNNER"},
		Secret:      Read,
		Environment: append([]string{"STRIDE_BCRYPT_COST"}, signing...),
	},
	{
		Name:        "refresh",
		Purpose:     "Gives new tokens for a refresh token.",
		Trigger:     HTTP,
		MemoryMB:    512,
		Timeout:     10 * time.Second,
		Table:       ReadWrite,
		Actions:     []string{"ConditionCheckItem", "DeleteItem", "GetItem", "UpdateItem"},
		Keys:        []string{"RUNNER"},
		Secret:      Read,
		Environment: append([]string{"STRIDE_ORIGIN", "STRIDE_ALLOWED_ORIGINS"}, signing...),
	},
	{
		Name:        "logout",
		Purpose:     "Ends a sign-in, or all of a runner's.",
		Trigger:     HTTP,
		MemoryMB:    512,
		Timeout:     10 * time.Second,
		Table:       ReadWrite,
		Actions:     []string{"DeleteItem", "GetItem", "UpdateItem"},
		Keys:        []string{"RUNNER"},
		Secret:      Read,
		Environment: append([]string{"STRIDE_ORIGIN", "STRIDE_ALLOWED_ORIGINS"}, signing...),
	},
	{
		Name:        "runners",
		Purpose:     "Keeps a runner's profile, password and sign-ins, and deletes the account.",
		Trigger:     HTTP,
		MemoryMB:    1769,
		Timeout:     20 * time.Second,
		Table:       ReadWrite,
		Actions:     []string{"BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"},
		Keys:        []string{"EMAIL", "LIMIT", "RUNNER"},
		Uploads:     []Objects{{"*/exports/*", []string{"GetObject", "PutObject", "PutObjectTagging"}}},
		Secret:      Read,
		Queue:       "sweep",
		Environment: append([]string{"STRIDE_BCRYPT_COST", "STRIDE_SWEEP_QUEUE"}, recorded...),
	},
	{
		Name:        "sweep",
		Purpose:     "Removes what a deleted account has left.",
		Trigger:     Queue,
		MemoryMB:    256,
		Timeout:     5 * time.Minute,
		Table:       ReadWrite,
		Actions:     []string{"BatchWriteItem", "DeleteItem", "GetItem", "Query"},
		Keys:        []string{"RUNNER"},
		Uploads:     []Objects{{"*", []string{"DeleteObjectVersion", "ListBucketVersions"}}},
		Environment: []string{"STRIDE_STAGE", "STRIDE_TABLE", "STRIDE_UPLOADS"},
	},
	{
		Name:     "ingest",
		Purpose:  "Makes sessions of the files that were uploaded.",
		Trigger:  Queue,
		MemoryMB: 512,
		Timeout:  time.Minute,
		Table:    ReadWrite,
		Actions:  []string{"BatchGetItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"},
		Keys:     []string{"RUNNER"},
		Uploads: []Objects{
			{"*", []string{"DeleteObjectVersion", "ListBucket", "ListBucketVersions"}}, // all of an account that has gone
			{"*/files/*", []string{"GetObject"}},
			{"*/streams/*", []string{"PutObject"}},
		},
		Uploaded:    ".upload",
		Environment: []string{"STRIDE_STAGE", "STRIDE_TABLE", "STRIDE_UPLOADS"},
	},
	{
		Name:        "plans",
		Purpose:     "Keeps runners' plans and what they note about them.",
		Trigger:     HTTP,
		MemoryMB:    512,
		Timeout:     10 * time.Second,
		Table:       ReadWrite,
		Actions:     []string{"BatchGetItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"},
		Keys:        []string{"RUNNER"},
		Secret:      Read,
		Environment: signing,
	},
	{
		Name:        "workouts",
		Purpose:     "Says what a runner is to run on which day.",
		Trigger:     HTTP,
		MemoryMB:    512,
		Timeout:     10 * time.Second,
		Table:       Read,
		Actions:     []string{"BatchGetItem", "Query"},
		Keys:        []string{"RUNNER"},
		Secret:      Read,
		Environment: signing,
	},
	{
		Name:        "imports",
		Purpose:     "Begins imports of files, and says how far they are.",
		Trigger:     HTTP,
		MemoryMB:    512,
		Timeout:     10 * time.Second,
		Table:       ReadWrite,
		Actions:     []string{"BatchGetItem", "ConditionCheckItem", "GetItem", "PutItem", "Query", "UpdateItem"},
		Keys:        []string{"RUNNER"},
		Uploads:     []Objects{{"*/files/*.upload", []string{"PutObject"}}}, // by whoever holds an address
		Secret:      Read,
		Environment: recorded,
	},
	{
		Name:     "sessions",
		Purpose:  "Keeps what runners did, with the files of their watches.",
		Trigger:  HTTP,
		MemoryMB: 1769,
		Timeout:  20 * time.Second,
		Table:    ReadWrite,
		Actions:  []string{"BatchGetItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"},
		Keys:     []string{"RUNNER"},
		Uploads: []Objects{
			{"*", []string{"DeleteObjectVersion", "GetObject", "ListBucketVersions"}},
			{"*/files/*", []string{"PutObject"}},
			{"*/streams/*", []string{"PutObject"}},
		},
		Secret:      Read,
		Environment: recorded,
	},
	{
		Name:        "personal_bests",
		Purpose:     "Knows what runners ran fastest, and their critical speed.",
		Trigger:     HTTP,
		MemoryMB:    512,
		Timeout:     10 * time.Second,
		Table:       ReadWrite,
		Actions:     []string{"BatchGetItem", "ConditionCheckItem", "DeleteItem", "PutItem", "Query", "UpdateItem"},
		Keys:        []string{"RUNNER"},
		Secret:      Read,
		Environment: signing,
	},
	{
		Name:        "fallback",
		Purpose:     "Answers 404 and 405, which an HTTP API cannot shape itself.",
		Trigger:     HTTP,
		MemoryMB:    128,
		Timeout:     3 * time.Second,
		Environment: []string{"STRIDE_STAGE"},
	},
	{
		Name:        "keyrotate",
		Purpose:     "Makes the signing keys, publishes them, and goes on to the next one in time.",
		Trigger:     Rotation,
		MemoryMB:    512,
		Timeout:     30 * time.Second,
		Secret:      ReadWrite,
		Issuer:      ReadWrite,
		Environment: []string{"STRIDE_STAGE", "STRIDE_SECRET", "STRIDE_ISSUER", "STRIDE_ISSUER_DOCUMENTS", "STRIDE_AUDIENCE", "STRIDE_API_ORIGIN"},
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
