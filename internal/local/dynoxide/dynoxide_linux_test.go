package dynoxide_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/local/dynoxide"
)

func TestMain(m *testing.M) {
	if data := os.Getenv("DYNOXIDE_TEST_PARENT"); data != "" {
		parent(data)
		return
	}
	os.Exit(m.Run())
}

// parent is another process that has a database, for the tests that kill it.
func parent(data string) {
	db, err := dynoxide.Provide(context.Background(), none, data)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	fmt.Println("ready", db.Endpoint)
	select {}
}

func none(string) (string, bool) { return "", false }

func provide(t *testing.T, data string) *dynoxide.Database {
	t.Helper()
	if runtime.GOARCH != "amd64" {
		t.Skip("SKIPPED: dynoxide is there for x86-64 only")
	}
	db, err := dynoxide.Provide(t.Context(), none, data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Stop)
	return db
}

// pid returns the process that the lock file names.
func pid(t *testing.T, data string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "dynamodb.lock"))
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if _, err := fmt.Sscan(string(text), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// gone waits until a process has ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	for range 500 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
}

func TestEnvironmentNamesAnother(t *testing.T) {
	lookup := func(name string) (string, bool) { return "https://127.0.0.1:9297", name == "AWS_ENDPOINT_URL_DYNAMODB" }
	data := filepath.Join(t.TempDir(), "data")
	db, err := dynoxide.Provide(t.Context(), lookup, data)
	if err != nil || db.Endpoint != "https://127.0.0.1:9297" {
		t.Fatalf("Provide = %+v, %v", db, err)
	}
	select {
	case <-db.Ended():
		t.Error("it has ended")
	default:
	}
	db.Stop()
	if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) || db.Err() != nil {
		t.Errorf("data folder: %v, failure %v; want neither", err, db.Err())
	}
}

func TestStop(t *testing.T) {
	data := t.TempDir()
	db := provide(t, data)
	if !strings.HasPrefix(db.Endpoint, "http://127.0.0.1:") {
		t.Errorf("endpoint %s", db.Endpoint)
	}
	child := pid(t, data)
	db.Stop()
	db.Stop()
	<-db.Ended()
	gone(t, child)
	if err := db.Err(); err != nil {
		t.Errorf("Err after Stop: %v", err)
	}
	provide(t, data) // the folder is free again
}

func TestInMemory(t *testing.T) {
	if a, b := provide(t, ""), provide(t, ""); a.Endpoint == b.Endpoint {
		t.Error("two databases have one endpoint")
	}
}

func TestOneForEachFolder(t *testing.T) {
	data := t.TempDir()
	db := provide(t, data)
	_, err := dynoxide.Provide(t.Context(), none, data)
	if err == nil || !strings.Contains(err.Error(), data) || !strings.Contains(err.Error(), "STRIDE_DATA") {
		t.Errorf("second Provide: %v, want an error that names the folder and the way out", err)
	}
	select {
	case <-db.Ended():
		t.Error("the first has ended")
	default:
	}
}

func TestEndByItselfIsNoticed(t *testing.T) {
	data := t.TempDir()
	db := provide(t, data)
	if err := syscall.Kill(pid(t, data), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-db.Ended():
	case <-time.After(5 * time.Second):
		t.Fatal("not noticed")
	}
	if err := db.Err(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("Err = %v, want what happened", err)
	}
}

func TestStartSaysWhyItFails(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "dynamodb.sqlite"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err := dynoxide.Provide(t.Context(), none, data)
	if err == nil || !strings.Contains(err.Error(), "last words: ") || time.Since(start) > 5*time.Second {
		t.Errorf("Provide after %v: %v", time.Since(start), err)
	}
	if err := os.Remove(filepath.Join(data, "dynamodb.sqlite")); err != nil {
		t.Fatal(err)
	}
	provide(t, data) // the lock is free again
}

// TestFilesArePrivate: the table is its owner's alone to read, also one that an
// earlier start has left readable.
func TestFilesArePrivate(t *testing.T) {
	data := t.TempDir()
	provide(t, data).Stop()
	file := filepath.Join(data, "dynamodb.sqlite")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	provide(t, data)
	files, err := filepath.Glob(file + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v", name, info.Mode())
		}
	}
}

// startParent runs parent and returns it once its database is ready.
func startParent(t *testing.T, data string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), self)
	command.Env = append(os.Environ(), "DYNOXIDE_TEST_PARENT="+data)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "ready") {
		t.Fatalf("parent: %q, %v", line, err)
	}
	return command
}

func TestChildDiesWithItsParent(t *testing.T) {
	data := t.TempDir()
	provide(t, "") // skips where there is no binary
	command := startParent(t, data)
	child := pid(t, data)
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	gone(t, child)
	provide(t, data)
}

// TestOrphanIsEnded makes an orphan by hand: a dynoxide on the file, that the
// lock file names and nobody looks after.
func TestOrphanIsEnded(t *testing.T) {
	data := t.TempDir()
	provide(t, "")
	orphan := exec.CommandContext(t.Context(), binary(t), "serve", "--port", "0", "--db-path", filepath.Join(data, "dynamodb.sqlite"))
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = orphan.Wait()
		close(ended)
	}()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(data, "dynamodb.lock"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(fmt.Sprintln(orphan.Process.Pid))
	provide(t, data)
	select {
	case <-ended:
	case <-time.After(time.Second):
		t.Error("the orphan is still there")
	}
}

// TestOthersAreLeftAlone: the number in the lock file may belong to somebody
// else by now.
func TestOthersAreLeftAlone(t *testing.T) {
	data := t.TempDir()
	provide(t, "")
	file := filepath.Join(data, "dynamodb.sqlite")
	for name, command := range map[string]*exec.Cmd{
		"another program":             exec.CommandContext(t.Context(), "sleep", "60"),
		"another program on our file": exec.CommandContext(t.Context(), "sh", "-c", "read line; true", "--db-path", file),
		"dynoxide on its own file":    exec.CommandContext(t.Context(), binary(t), "serve", "--port", "0", "--db-path", file+"2"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := command.StdinPipe(); err != nil { // so that read waits
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() {
				_ = command.Wait()
				close(ended)
			}()
			if err := os.WriteFile(filepath.Join(data, "dynamodb.lock"), fmt.Append(nil, command.Process.Pid), 0o600); err != nil {
				t.Fatal(err)
			}
			provide(t, data)
			select {
			case <-ended:
				t.Error("it was ended")
			case <-time.After(50 * time.Millisecond):
			}
			_ = command.Process.Kill()
			<-ended
		})
	}
}

func binary(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("node_modules/@dynoxide/linux-x64/dynoxide")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNoBinary(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := dynoxide.Provide(t.Context(), none, "")
	if !errors.Is(err, dynoxide.ErrNone) {
		t.Errorf("Provide: %v, want ErrNone", err)
	}
	for _, way := range []string{"npm ci", "AWS_ENDPOINT_URL_DYNAMODB"} {
		if !strings.Contains(dynoxide.ErrNone.Error(), way) {
			t.Errorf("%q does not name %s", dynoxide.ErrNone, way)
		}
	}
}

func TestOtherBinaryIsRefused(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "internal/local/dynoxide/node_modules/@dynoxide/linux-x64/dynoxide")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\ntouch ran\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	if _, err := dynoxide.Provide(t.Context(), none, ""); err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("Provide: %v, want a refusal that says what to do", err)
	}
	if _, err := os.Stat("ran"); err == nil {
		t.Error("it was run")
	}
}
