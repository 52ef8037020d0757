package lambdahost_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// The test program is its own bootstrap: started with this variable it is a
// function that does what the event says.
const actAs = "ACT_AS"

func TestMain(m *testing.M) {
	switch role := os.Getenv(actAs); role {
	case "":
		os.Exit(m.Run())
	case "function":
		lambda.Start(act)
	case "late starter":
		fmt.Fprintln(os.Stderr, "no settings")
		os.Exit(3)
	case "complainer":
		say("init/error", `{"errorType":"Settings","errorMessage":"none"}`)
		os.Exit(1)
	case "intruder":
		intrude()
	case "test":
		h := newHost("function", time.Minute)
		_, _ = invoke(context.Background(), h, order{"meet", os.Getenv("MEETING")})
	default:
		panic(role)
	}
}

// An order is the event that the function takes.
type order struct {
	Do   string
	With string
}

// A seen is what the function can see of its call and its surroundings.
type seen struct {
	Process     int
	ID, ARN     string
	LeftMS      int64
	Trace       string
	Environment []string
	Echo        string
}

func act(ctx context.Context, o order) (seen, error) {
	switch o.Do {
	case "fail":
		return seen{}, errors.New(o.With)
	case "panic":
		panic(o.With)
	case "exit":
		fmt.Fprintln(os.Stderr, "giving up")
		os.Exit(7)
	case "sleep":
		time.Sleep(time.Minute)
	case "write":
		fmt.Println(o.With)
	case "swell":
		return seen{Echo: strings.Repeat("x", 7<<20)}, nil
	case "meet": // stays until a second process is there as well
		if err := os.WriteFile(fmt.Sprintf("%s/%d", o.With, os.Getpid()), nil, 0o600); err != nil {
			return seen{}, err
		}
		for there := 0; there < 2; time.Sleep(time.Millisecond) {
			files, err := os.ReadDir(o.With)
			if err != nil {
				return seen{}, err
			}
			there = len(files)
		}
	}
	about, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return seen{
		Process:     os.Getpid(),
		ID:          about.AwsRequestID,
		ARN:         about.InvokedFunctionArn,
		LeftMS:      time.Until(deadline).Milliseconds(),
		Trace:       os.Getenv("_X_AMZN_TRACE_ID"),
		Environment: os.Environ(),
		Echo:        o.With,
	}, nil
}

const api = "http://%s/2018-06-01/runtime/%s"

// say posts to the Runtime API and returns the status.
func say(path, body string) int {
	response, err := http.Post(fmt.Sprintf(api, os.Getenv("AWS_LAMBDA_RUNTIME_API"), path), "application/json", strings.NewReader(body))
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// next asks for a call and returns the status and the call's id.
func next() (int, string) {
	response, err := http.Get(fmt.Sprintf(api, os.Getenv("AWS_LAMBDA_RUNTIME_API"), "invocation/next"))
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode, response.Header.Get("Lambda-Runtime-Aws-Request-Id")
}

// intrude breaks the rules of the Runtime API, and answers with what it was
// told.
func intrude() {
	_, id := next()
	foreign := say("invocation/another/response", "{}")
	early, _ := next()
	first := say("invocation/"+id+"/response", fmt.Sprintf(`"foreign %d, early %d"`, foreign, early))
	second := say("invocation/"+id+"/response", `"again"`)
	_, id = next()
	say("invocation/"+id+"/response", fmt.Sprintf(`"first %d, second %d"`, first, second))
	next()
}
