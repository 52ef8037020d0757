package lambdahost_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/local/lambdahost"
)

// usual is a timeout that no test reaches.
const usual = time.Minute

// host starts a Host of the test program, which ends with the test.
func host(t *testing.T, role string, timeout time.Duration) *lambdahost.Host {
	t.Helper()
	h := newHost(role, timeout)
	t.Cleanup(h.Close)
	return h
}

func newHost(role string, timeout time.Duration) *lambdahost.Host {
	program, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return lambdahost.New(lambdahost.Config{
		Bootstrap: program,
		Name:      "odd",
		Timeout:   timeout,
		MemoryMB:  256,
		Env:       map[string]string{actAs: role, "OWN": "1", "AWS_REGION": "ignored"},
	})
}

// do invokes the test function and returns what it saw.
func do(t *testing.T, h *lambdahost.Host, o order) (seen, lambdahost.Result) {
	t.Helper()
	result, err := invoke(t.Context(), h, o)
	if err != nil {
		t.Fatal(err)
	}
	var s seen
	if err := json.Unmarshal(result.Payload, &s); err != nil {
		t.Fatal(err)
	}
	return s, result
}

func invoke(ctx context.Context, h *lambdahost.Host, o order) (lambdahost.Result, error) {
	event, err := json.Marshal(o)
	if err != nil {
		return lambdahost.Result{}, err
	}
	return h.Invoke(ctx, event)
}

// alive says whether a process of that id is there.
func alive(id int) bool { return syscall.Kill(id, 0) == nil }

func TestInvoke(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "/nowhere")
	t.Setenv("SECRET_OF_THE_TEST", "1")
	h := host(t, "function", usual)
	first, cold := do(t, h, order{Do: "echo", With: "é"})
	second, warm := do(t, h, order{Do: "write", With: "a line"})

	if first.Echo != "é" || second.Echo != "a line" {
		t.Errorf("echoes %q and %q", first.Echo, second.Echo)
	}
	if first.Process != second.Process || cold.Init <= 0 || warm.Init != 0 || warm.Duration <= 0 {
		t.Errorf("processes %d and %d, started in %v and %v: want one, started once", first.Process, second.Process, cold.Init, warm.Init)
	}
	if cold.Log != "" || warm.Log != "a line\n" {
		t.Errorf("logs %q and %q", cold.Log, warm.Log)
	}
	if len(first.ID) != 36 || first.ID == second.ID || !strings.HasPrefix(first.Trace, "Root=1-") || first.Trace == second.Trace {
		t.Errorf("ids %q and %q, traces %q and %q", first.ID, second.ID, first.Trace, second.Trace)
	}
	if first.ARN != "arn:aws:lambda:us-east-1:000000000000:function:odd" {
		t.Errorf("ARN %q", first.ARN)
	}
	if left := time.Duration(first.LeftMS) * time.Millisecond; left <= usual/2 || left > usual {
		t.Errorf("%v left of %v", left, usual)
	}
}

func TestEnvironmentIsTheFunctionsOwn(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "/nowhere")
	t.Setenv("AWS_PROFILE", "mine")
	s, _ := do(t, host(t, "function", usual), order{})
	got := map[string]string{}
	for _, pair := range s.Environment {
		name, value, _ := strings.Cut(pair, "=")
		got[name] = value
	}
	for name, want := range map[string]string{
		"OWN": "1", "AWS_REGION": "us-east-1", "AWS_LAMBDA_FUNCTION_NAME": "odd", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "_HANDLER": "bootstrap",
	} {
		if got[name] != want {
			t.Errorf("%s=%s, want %s", name, got[name], want)
		}
	}
	if !strings.HasPrefix(got["AWS_LAMBDA_RUNTIME_API"], "127.0.0.1:") {
		t.Errorf("the Runtime API is at %q", got["AWS_LAMBDA_RUNTIME_API"])
	}
	for _, name := range []string{"AWS_CA_BUNDLE", "AWS_PROFILE", "HOME", "USER"} {
		if value, ok := got[name]; ok {
			t.Errorf("inherits %s=%s", name, value)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		name, role  string
		order       order
		kind        lambdahost.Kind
		detail, log string
	}{
		{"error", "function", order{"fail", "no luck"}, lambdahost.Errored, `"errorMessage":"no luck"`, ""},
		{"panic", "function", order{"panic", "oh"}, lambdahost.Errored, `"stackTrace":[`, ""},
		{"too much to say", "function", order{"swell", ""}, lambdahost.Errored, "Function.ResponseSizeTooLarge", ""},
		{"exit", "function", order{"exit", ""}, lambdahost.Crashed, "exit status 7", "giving up"},
		{"timeout", "function", order{"sleep", ""}, lambdahost.TimedOut, "after 1s", ""},
		{"exit at the start", "late starter", order{}, lambdahost.InitFailed, "exit status 3", "no settings"},
		{"error at the start", "complainer", order{}, lambdahost.InitFailed, `"errorType":"Settings"`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			timeout := usual
			if tt.kind == lambdahost.TimedOut {
				timeout = time.Second
			}
			h := host(t, tt.role, timeout)
			_, err := invoke(t.Context(), h, tt.order)
			failure, ok := errors.AsType[*lambdahost.CallError](err)
			if !ok || failure.Kind != tt.kind || !strings.Contains(failure.Detail, tt.detail) || !strings.Contains(failure.Log, tt.log) {
				t.Fatalf("%v, want %s with %q and the log %q", err, tt.kind, tt.detail, tt.log)
			}
			if text := err.Error(); !strings.Contains(text, string(tt.kind)) || !strings.Contains(text, tt.log) {
				t.Errorf("the error says %q", text)
			}
			if tt.role == "function" {
				if s, _ := do(t, h, order{With: "next"}); s.Echo != "next" {
					t.Errorf("the next call answers %+v", s)
				}
			}
		})
	}
}

// TestProcessOutlivesAnError: an error costs a call, a panic the process.
func TestProcessOutlivesAnError(t *testing.T) {
	h := host(t, "function", usual)
	before, _ := do(t, h, order{})
	for _, tt := range []struct {
		do   string
		same bool
	}{{"fail", true}, {"panic", false}} {
		if _, err := invoke(t.Context(), h, order{tt.do, "x"}); err == nil {
			t.Fatalf("%s: no error", tt.do)
		}
		after, result := do(t, h, order{})
		if same := after.Process == before.Process; same != tt.same || result.Init == 0 != tt.same {
			t.Errorf("%s: the same process %v, want %v; started in %v", tt.do, same, tt.same, result.Init)
		}
	}
	if alive(before.Process) {
		t.Error("the process that panicked is still there")
	}
}

func TestCallsInParallelHaveProcessesOfTheirOwn(t *testing.T) {
	h := host(t, "function", usual)
	meeting := t.TempDir()
	processes := make([]int, 2)
	var wait sync.WaitGroup
	for i := range processes {
		wait.Go(func() {
			s, _ := do(t, h, order{"meet", meeting}) // returns when both are under way
			processes[i] = s.Process
		})
	}
	wait.Wait()
	third, warm := do(t, h, order{})
	if processes[0] == processes[1] || !slices.Contains(processes, third.Process) || warm.Init != 0 {
		t.Errorf("processes %v, then %d", processes, third.Process)
	}
}

// TestProcessThatDiedIdleIsReplaced: it costs at most the call that finds it.
func TestProcessThatDiedIdleIsReplaced(t *testing.T) {
	h := host(t, "function", usual)
	first, _ := do(t, h, order{})
	if err := syscall.Kill(first.Process, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for alive(first.Process) { // until it is reaped; the test's own deadline ends a wait in vain
		time.Sleep(time.Millisecond)
	}
	if _, err := invoke(t.Context(), h, order{}); err != nil {
		if failure, ok := errors.AsType[*lambdahost.CallError](err); !ok || failure.Kind != lambdahost.Crashed {
			t.Fatal(err)
		}
	}
	if second, _ := do(t, h, order{}); second.Process == first.Process {
		t.Error("the dead answer")
	}
}

func TestCloseEndsWhatRuns(t *testing.T) {
	h := host(t, "function", usual)
	idle, _ := do(t, h, order{})
	meeting := t.TempDir()
	busy := make(chan error)
	go func() {
		_, err := invoke(t.Context(), h, order{"meet", meeting}) // takes the idle one and waits for nobody
		busy <- err
	}()
	await(t, meeting)
	h.Close()
	if err := <-busy; err == nil {
		t.Error("the call that was under way has an answer")
	}
	if alive(idle.Process) {
		t.Errorf("process %d is still there", idle.Process)
	}
	if _, err := invoke(t.Context(), h, order{}); err == nil {
		t.Error("a closed host takes calls")
	}
	h.Close() // again does no harm
}

// await waits until a process has come to a meeting, and returns its id.
func await(t *testing.T, meeting string) int {
	t.Helper()
	for {
		files, err := os.ReadDir(meeting)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 0 {
			id, err := strconv.Atoi(files[0].Name())
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		time.Sleep(time.Millisecond)
	}
}

// TestProcessDiesWithItsHost kills a test in the middle of a call.
func TestProcessDiesWithItsHost(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a process with its parent")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	meeting := t.TempDir()
	parent := exec.CommandContext(t.Context(), program)
	parent.Env = append(os.Environ(), actAs+"=test", "MEETING="+meeting)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	id := await(t, meeting)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", id))
		if err != nil || len(command) == 0 { // gone, or waiting to be buried
			return
		}
		if time.Now().After(deadline) {
			_ = syscall.Kill(id, syscall.SIGKILL)
			t.Fatalf("process %d has outlived its host", id)
		}
	}
}

func TestCancelEndsTheProcess(t *testing.T) {
	h := host(t, "function", usual)
	first, _ := do(t, h, order{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := invoke(ctx, h, order{Do: "sleep"})
	if _, blamed := errors.AsType[*lambdahost.CallError](err); blamed || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the caller's own deadline", err)
	}
	if alive(first.Process) {
		t.Error("the process is still there")
	}
}

func TestRuntimeAPIKeepsItsRules(t *testing.T) {
	h := host(t, "intruder", usual)
	var got []string
	for range 2 {
		result, err := h.Invoke(t.Context(), []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(result.Payload))
	}
	if diff := cmp.Diff([]string{`"foreign 400, early 403"`, `"first 202, second 400"`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoSuchProgram(t *testing.T) {
	h := lambdahost.New(lambdahost.Config{Bootstrap: fmt.Sprintf("%s/bootstrap", t.TempDir()), Name: "none", Timeout: usual})
	if _, err := h.Invoke(t.Context(), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, want %v", err, os.ErrNotExist)
	}
	h.Close()
}
