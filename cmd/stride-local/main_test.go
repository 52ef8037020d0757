package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestProgram starts the program as people do, and stops it as they do.
func TestProgram(t *testing.T) {
	program := filepath.Join(t.TempDir(), "stride-local")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	start := func(env ...string) (*exec.Cmd, *bufio.Reader) {
		t.Helper()
		command := exec.CommandContext(t.Context(), program)
		command.Dir = t.TempDir()
		command.Env = append(os.Environ(), env...)
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		return command, bufio.NewReader(out)
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		command, out := start("STRIDE_ADDR=127.0.0.1:0")
		if line, err := out.ReadString('\n'); err != nil || !strings.HasPrefix(line, "Stride is running at http://127.0.0.1:") {
			t.Errorf("ready line %q, %v", line, err)
		}
		if err := command.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := command.Wait(); err != nil {
			t.Errorf("after %v: %v, want exit 0", signal, err)
		}
	}
	command, _ := start("STRIDE_ADDR=0.0.0.0:0")
	if exit, ok := errors.AsType[*exec.ExitError](command.Wait()); !ok || exit.ExitCode() != 1 {
		t.Errorf("on all addresses: %v, want exit 1", exit)
	}
}
