// Peak reads the beginning of a FIT file as Stride does, with all statistics,
// and prints the most memory that its process had, in MB, as Linux counts it.
// It is a program of its own because memory also grows with what is linked.
//
//	peak <file> <megabytes>
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/stride-run/stride/internal/recording"
	"github.com/stride-run/stride/internal/session"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peak:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("want a file and a number of megabytes, have %q", args)
	}
	file, err := os.Open(args[0]) //nolint:gosec // whoever measures names it
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	size, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return err
	}
	read, v := recording.Read(context.Background(), io.LimitReader(file, size*1e6), recording.Limits{})
	for _, r := range read {
		session.Analyse(r)
	}
	if !v.Accepted() {
		return fmt.Errorf("%s: %s", args[0], v.Reason)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, err := strconv.ParseFloat(strings.Fields(after)[0], 64)
	if err != nil {
		return err
	}
	_, err = fmt.Println(kilobytes / 1000)
	return err
}
