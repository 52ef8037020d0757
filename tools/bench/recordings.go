package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/muktihari/fit/decoder"
	"github.com/muktihari/fit/profile/untyped/fieldnum"
	"github.com/muktihari/fit/profile/untyped/mesgnum"
	"github.com/muktihari/fit/proto"

	"github.com/stride-run/stride/internal/recording"
	"github.com/stride-run/stride/internal/session"
)

const (
	recordingRounds = 15     // how often each file is read by the two, in turn
	smallestFile    = 50_000 // bytes; what is smaller says little
)

// recordings compares reading a FIT file, with its checksum, all statistics
// and efforts, to a bare listener that takes eight fields. The files are real
// ones, from the folder that STRIDE_TEST_FIT names; without it there is no
// figure.
func recordings(ctx context.Context) ([]figure, error) {
	dir := os.Getenv("STRIDE_TEST_FIT")
	if dir == "" {
		fmt.Fprintln(os.Stderr, "bench: STRIDE_TEST_FIT is not set: no figures for recordings")
		return nil, nil
	}
	names, err := filepath.Glob(filepath.Join(dir, "files", "*.fit"))
	if err != nil {
		return nil, err
	}
	var ratios []float64
	var compared []string
	var ours, theirs time.Duration
	for _, name := range names {
		b, err := os.ReadFile(name) //nolint:gosec // a file of the folder that whoever measures has named
		if err != nil {
			return nil, err
		}
		if len(b) < smallestFile {
			continue
		}
		o, t := timeOf(func() error { return analyse(ctx, b) }, func() error { return extract(b) })
		ours, theirs = ours+o, theirs+t
		ratios = append(ratios, float64(o)/float64(t))
		compared = append(compared, name)
	}
	slices.Sort(ratios)
	figures := []figure{
		ratio(fmt.Sprintf("%d FIT files: checksum + statistics + efforts / bare listener, CPU", len(ratios)), ours, theirs, 1.3),
		{name: "… the worst of them", value: ratios[len(ratios)-1], unit: "×", target: 1.3},
	}
	npm, ok, err := parse(ctx, compared)
	if err != nil {
		return nil, err
	}
	if ok {
		figures = append(figures, figure{
			name: "… npm's fit-file-parser " + parserVersion + ", decoding alone / all of it in Stride, CPU", stride: milliseconds(ours), yardstick: milliseconds(npm),
			value: float64(npm) / float64(ours), unit: "×", least: 12,
		})
	}
	for _, size := range []struct {
		megabytes int
		target    float64
	}{{3, 24}, {6, 40}} {
		peak, err := peakOf(ctx, filepath.Join(dir, "synthetic", "chained-15x-run.fit"), size.megabytes)
		if err != nil {
			return nil, err
		}
		figures = append(figures, figure{name: fmt.Sprintf("FIT file of %d MB: peak memory of a process", size.megabytes), value: peak, unit: "MB", target: size.target})
	}
	return figures, nil
}

// timeOf returns the medians of the processor time of two functions.
func timeOf(ours, theirs func() error) (time.Duration, time.Duration) {
	var o, t []time.Duration
	for range recordingRounds {
		o, t = append(o, processor(ours)), append(t, processor(theirs))
	}
	return median(o), median(t)
}

// processor returns the time that the process computed during a call, its
// collection of garbage included. Errors are
// no matter here: the yardstick refuses files that Stride reads, and `make
// corpus` looks at what is read.
func processor(f func() error) time.Duration {
	begin := usage()
	_ = f()
	return usage() - begin
}

func usage() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// analyse is all that Stride does with a file, as if it were of a run: only
// runs have efforts.
func analyse(ctx context.Context, b []byte) error {
	read, v := recording.Read(ctx, bytes.NewReader(b), recording.Limits{})
	for _, r := range read {
		r.Sport = session.Running
		session.Analyse(r)
	}
	return v.Err
}

// extract is the yardstick.
func extract(b []byte) error {
	d := decoder.New(bytes.NewReader(b), decoder.WithMesgListener(&rows{}), decoder.WithBroadcastOnly(), decoder.WithIgnoreChecksum())
	for d.Next() {
		if _, err := d.Decode(); err != nil {
			return err
		}
	}
	return nil
}

// rows takes eight fields of every record.
type rows []struct {
	time, distance, speed, altitude uint32
	latitude, longitude             int32
	heartRate, cadence              uint8
}

func (r *rows) OnMesg(m proto.Message) {
	if m.Num != mesgnum.Record {
		return
	}
	*r = append(*r, struct {
		time, distance, speed, altitude uint32
		latitude, longitude             int32
		heartRate, cadence              uint8
	}{})
	row := &(*r)[len(*r)-1]
	for i := range m.Fields {
		switch f := &m.Fields[i]; f.Num {
		case fieldnum.RecordTimestamp:
			row.time = f.Value.Uint32()
		case fieldnum.RecordDistance:
			row.distance = f.Value.Uint32()
		case fieldnum.RecordEnhancedSpeed:
			row.speed = f.Value.Uint32()
		case fieldnum.RecordEnhancedAltitude:
			row.altitude = f.Value.Uint32()
		case fieldnum.RecordPositionLat:
			row.latitude = f.Value.Int32()
		case fieldnum.RecordPositionLong:
			row.longitude = f.Value.Int32()
		case fieldnum.RecordHeartRate:
			row.heartRate = f.Value.Uint8()
		case fieldnum.RecordCadence:
			row.cadence = f.Value.Uint8()
		}
	}
}

// peakOf has a small program read the first megabytes of a file of chained
// runs, and returns its peak memory in MB.
func peakOf(ctx context.Context, name string, megabytes int) (float64, error) {
	command := exec.CommandContext(ctx, filepath.Join("build", "bench", "peak"), name, strconv.Itoa(megabytes)) //nolint:gosec // make builds it
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return 0, fmt.Errorf("peak memory: %w", err)
	}
	return strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
}
