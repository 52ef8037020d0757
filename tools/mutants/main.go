// Mutants checks the tests: it takes each guard of security and reliability
// out of the code once, and runs the tests that are to notice. The source
// stays as it is; the compiler is handed the changed file by an overlay.
//
//	go run ./tools/mutants          all of them
//	go run ./tools/mutants token    those whose name or file has "token"
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A mutant is the code without one guard.
type mutant struct {
	name     string   // the guard that is missing
	file     string   // where it was
	old, new string   // old is there exactly once
	packages []string // whose tests have to notice
}

// timeout is how long the tests of one mutant may take. Tests that hang have
// noticed too.
const timeout = 3 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, filter []string) error {
	chosen := slices.DeleteFunc(slices.Clone(mutants), func(m mutant) bool {
		return len(filter) > 0 && !slices.ContainsFunc(filter, func(word string) bool { return strings.Contains(m.name+" "+m.file, word) })
	})
	if len(chosen) == 0 {
		return errors.New("there is no such mutant")
	}
	if err := healthy(ctx, chosen); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	noticed := 0
	for _, m := range chosen {
		by, err := m.try(ctx, folder)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			fmt.Fprintf(out, "BROKEN   %s: %v\n", m.name, err)
		case by == "":
			fmt.Fprintf(out, "MISSED   %s (%s)\n", m.name, m.file)
		default:
			noticed++
			fmt.Fprintf(out, "noticed  %s: %s\n", m.name, by)
		}
	}
	fmt.Fprintf(out, "%d/%d\n", noticed, len(chosen))
	if noticed < len(chosen) {
		return fmt.Errorf("%d guards are not held by a test", len(chosen)-noticed)
	}
	return nil
}

// healthy runs the tests on the code as it is: on a failure for another reason
// every mutant would count as noticed.
func healthy(ctx context.Context, chosen []mutant) error {
	var packages []string
	for _, m := range chosen {
		packages = append(packages, m.packages...)
	}
	slices.Sort(packages)
	if text, err := test(ctx, "", slices.Compact(packages)); err != nil {
		return fmt.Errorf("the tests fail without a mutant: %w\n%s", err, text)
	}
	return nil
}

// changed returns the file without the guard.
func (m mutant) changed() ([]byte, error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return nil, err
	}
	if n := bytes.Count(source, []byte(m.old)); n != 1 {
		return nil, fmt.Errorf("%s has %d times %q, want it once", m.file, n, m.old)
	}
	return bytes.Replace(source, []byte(m.old), []byte(m.new), 1), nil
}

// try runs the tests without the guard and returns which of them failed; empty
// if none did. The error is that this mutant is no program.
func (m mutant) try(ctx context.Context, folder string) (by string, err error) {
	source, err := m.changed()
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	file, overlay := filepath.Join(folder, "mutant.go"), filepath.Join(folder, "overlay.json")
	description, err := json.Marshal(map[string]any{"Replace": map[string]string{original: file}})
	if err != nil {
		return "", err
	}
	if err := errors.Join(os.WriteFile(file, source, 0o600), os.WriteFile(overlay, description, 0o600)); err != nil {
		return "", err
	}
	build := exec.CommandContext(ctx, "go", append([]string{"build", "-overlay", overlay}, m.packages...)...) //nolint:gosec // our own list
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("does not compile: %w\n%s", err, text)
	}
	text, err := test(ctx, overlay, m.packages)
	if err == nil {
		return "", nil
	}
	return culprit(text), nil
}

// test runs the tests of packages, up to the first that fails. The overlay may
// be empty.
func test(ctx context.Context, overlay string, packages []string) (string, error) {
	arguments := []string{"test", "-failfast", "-vet=off", "-count=1", "-timeout", timeout.String()}
	if overlay != "" {
		arguments = append(arguments, "-overlay", overlay)
	}
	command := exec.CommandContext(ctx, "go", append(arguments, packages...)...) //nolint:gosec // our own list
	text, err := command.CombinedOutput()
	return string(text), err
}

var failure = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// culprit finds the test that failed in what go test says.
func culprit(text string) string {
	if found := failure.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return first // a panic, or the time was up
}
