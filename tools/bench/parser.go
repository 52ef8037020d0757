package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The parser in JavaScript that recordings are compared to, at a version that
// figures can be repeated with. It is installed when it is needed, into a
// folder of tools, and is no part of Stride.
const (
	parserVersion = "6.1.2"
	parserFolder  = ".tools/fit-file-parser"
	parserRounds  = 9
)

//go:embed parser.mjs
var parserScript string

// parse returns the median processor time that the parser needs for all files
// together. False: it cannot be had here, and a line says why.
func parse(ctx context.Context, names []string) (time.Duration, bool, error) {
	entry := filepath.Join(parserFolder, "node_modules", "fit-file-parser", "dist", "fit-parser.js")
	if err := installParser(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "bench: no figure for npm's fit-file-parser: %v\n", err)
		return 0, false, nil
	}
	script := filepath.Join(parserFolder, "parser.mjs")
	if err := os.WriteFile(script, []byte(parserScript), 0o600); err != nil {
		return 0, false, err
	}
	command := exec.CommandContext(ctx, "node", append([]string{script, entry, strconv.Itoa(parserRounds)}, names...)...) //nolint:gosec // files of the folder that whoever measures has named
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return 0, false, fmt.Errorf("fit-file-parser: %w", err)
	}
	var medians []float64
	if err := json.Unmarshal(out, &medians); err != nil || len(medians) != len(names) {
		return 0, false, fmt.Errorf("fit-file-parser: %d times for %d files: %w", len(medians), len(names), err)
	}
	sum := 0.0
	for _, ms := range medians {
		sum += ms
	}
	return time.Duration(sum * float64(time.Millisecond)), true, nil
}

// installParser has npm get the parser, unless it is there.
func installParser(ctx context.Context) error {
	about, err := os.ReadFile(filepath.Join(parserFolder, "node_modules", "fit-file-parser", "package.json"))
	if err == nil && strings.Contains(string(about), `"version": "`+parserVersion+`"`) {
		return nil
	}
	if err := os.MkdirAll(parserFolder, 0o750); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, "npm", "install", "--prefix", parserFolder, "--no-save", "--ignore-scripts",
		"--no-audit", "--no-fund", "--loglevel=error", "fit-file-parser@"+parserVersion)
	command.Stderr = os.Stderr
	return command.Run()
}
