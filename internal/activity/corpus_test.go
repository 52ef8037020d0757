package activity_test

import (
	"bytes"
	"encoding/csv"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/recording"
	"github.com/stride-run/stride/internal/session"
)

// TestRealFiles imports every file of the corpus, which is not part of the
// project: all are accepted, what is kept is what a reading now gives, to the
// last bit, and deleting everything leaves nothing.
func TestRealFiles(t *testing.T) {
	dir := os.Getenv("STRIDE_TEST_FIT")
	if dir == "" {
		t.Skip("STRIDE_TEST_FIT is not set: real FIT files are NOT tested")
	}
	index, err := os.ReadFile(filepath.Join(dir, "index.csv"))
	if err != nil {
		t.Fatalf("STRIDE_TEST_FIT is set and wrong: %v", err)
	}
	rows, err := csv.NewReader(bytes.NewReader(index)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	name, category := slices.Index(rows[0], "file"), slices.Index(rows[0], "category")
	var files [][]byte
	settings := 0
	for _, row := range rows[1:] {
		b, err := os.ReadFile(filepath.Join(dir, "files", row[name]))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
		if row[category] == "non-activity" {
			settings++
		}
	}
	w := newWorld(t)
	w.service = activity.New(activity.Config{
		Store: dynamo.Activities{Store: w.table.Store()}, Objects: w.objects, Reader: recording.Reader{}, Log: slog.New(slog.DiscardHandler),
	})
	ada := w.runner(t, nil)
	byDigest := map[string][]byte{}
	imported := 0
	for batch := range slices.Chunk(files, activity.MaxFiles) {
		i := w.bring(t, ada, batch...)
		for n, f := range i.Files {
			byDigest[f.SHA256] = batch[n]
			switch f.Verdict {
			case activity.Imported:
				imported += len(f.Sessions)
			case activity.Skipped:
				settings--
			default:
				t.Errorf("file %d: %s %s", n, f.Verdict, f.Reason)
			}
		}
	}
	if settings != 0 {
		t.Errorf("%d files without activity are not skipped", settings)
	}
	all := w.sessions(t, ada)
	if len(all) != imported {
		t.Errorf("%d sessions, %d imported", len(all), imported)
	}
	streams, samples := 0, 0
	for _, v := range all {
		recordings, _ := recording.Read(t.Context(), bytes.NewReader(byDigest[v.Receipt.Digest]), recording.Limits{})
		r := recordings[v.Receipt.Index]
		if diff := cmp.Diff(session.Analyse(r), v.Statistics, same); diff != "" {
			t.Errorf("session %s (-now +kept):\n%s", v.ID, diff)
		}
		columns, err := w.service.Streams(t.Context(), ada, v.ID, 0, now)
		if err != nil {
			t.Errorf("session %s: %v", v.ID, err)
		}
		var names []string
		for _, c := range columns {
			names = append(names, c.Name)
			if c.Name == "heart_rate" {
				peak := slices.Max(c.Values)
				plot, err := w.service.Streams(t.Context(), ada, v.ID, 100, now)
				i := slices.IndexFunc(plot, func(c activity.Column) bool { return c.Name == "heart_rate" })
				if err != nil || i < 0 || len(plot[i].Values) > 100 || slices.Max(plot[i].Values) != peak {
					t.Errorf("session %s: the plot loses a heart rate of %v", v.ID, peak)
				}
			}
		}
		if !slices.Equal(names, v.Columns) {
			t.Errorf("session %s has %q, said %q", v.ID, names, v.Columns)
		}
		samples += v.Samples
		streams += len(w.objects.Kept[v.Stream])
	}
	if diff := cmp.Diff(w.recomputed(t, ada), w.bests(t, ada).Standing); diff != "" {
		t.Error(diff)
	}
	largest := 0
	for line := range strings.SplitSeq(w.snapshot(t, ada), "\n") {
		if strings.Contains(line, `"SK":"SESSION#`) {
			largest = max(largest, len(line))
		}
	}
	t.Logf("%d sessions; %.1f bytes for a sample of a stream; the largest session has %d bytes as JSON", len(all), float64(streams)/float64(max(samples, 1)), largest)
	for _, v := range all {
		w.delete(t, ada, v.ID)
	}
	if keys := w.objects.Keys(ada + "/"); len(keys) != 0 {
		t.Errorf("left %q", keys)
	}
}
