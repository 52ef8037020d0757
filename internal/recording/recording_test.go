package recording_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/fittest"
	"github.com/stride-run/stride/internal/recording"
	"github.com/stride-run/stride/internal/session"
)

func decode(t testing.TB, b []byte) ([]session.Recording, recording.Verdict) {
	t.Helper()
	return recording.Read(t.Context(), bytes.NewReader(b), recording.Limits{})
}

func one(t *testing.T, b []byte) session.Recording {
	t.Helper()
	recordings, v := decode(t, b)
	if !v.Accepted() || len(recordings) != 1 {
		t.Fatalf("%d sessions, %+v", len(recordings), v)
	}
	return recordings[0]
}

func TestVerdicts(t *testing.T) {
	good := minute()
	changed := func(i int, x byte) []byte {
		b := slices.Clone(good)
		b[i] ^= x
		return b
	}
	undefined := fittest.Wrap(data(3, uint32(1)))
	for _, tt := range []struct {
		name   string
		file   []byte
		reason recording.Reason
		flag   session.Flag
	}{
		{"good", good, "", ""},
		{"packed", packed(t, good), "", ""},
		{"nothing", nil, recording.Empty, ""},
		{"packed nothing", packed(t, nil), recording.Empty, ""},
		{"two bytes", []byte{14, 1}, recording.NotFIT, ""},
		{"text", []byte("%PDF-1.7 and so on"), recording.NotFIT, ""},
		{"header's checksum", changed(12, 1), recording.BadHeader, ""},
		{"data", changed(40, 1), recording.BadChecksum, ""},
		{"checksum", changed(len(good)-1, 1), recording.BadChecksum, ""},
		{"no definition", undefined, recording.Corrupt, ""},
		{"cut", good[:len(good)/2], "", recording.TruncatedTail},
		{"cut in the definition", good[:18], recording.Truncated, ""},
		{"packed, then cut", packed(t, good)[:len(packed(t, good))-40], "", recording.TruncatedTail},
		{"packed twice", packed(t, packed(t, good)), recording.NotFIT, ""},
		{"bad gzip", []byte{0x1F, 0x8B, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, recording.BadGzip, ""},
		{"zeros behind", append(slices.Clone(good), 0, 0, 0, 0), "", recording.TrailingBytes},
		{"a header's start behind", append(slices.Clone(good), 14, 1), "", recording.TrailingBytes},
		{"chained", append(slices.Clone(good), good...), "", recording.Chained},
		{"chained with a bad one", append(slices.Clone(good), changed(40, 1)...), "", recording.BrokenTail},
		{"chained with an undefined one", append(slices.Clone(good), undefined...), "", recording.BrokenTail},
		{"settings", fittest.Wrap(definition(0, 0, field{0, 1, enum}), data(0, uint8(2))), "", recording.NoActivity},
		{"4 GB claimed", append([]byte{12, 16, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}, ".FIT"...), recording.Truncated, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recordings, v := decode(t, tt.file)
			if v.Reason != tt.reason || tt.flag != "" && !slices.Contains(v.Flags, tt.flag) || tt.flag == "" && v.Flags != nil {
				t.Fatalf("%+v, want %q and flag %q", v, tt.reason, tt.flag)
			}
			if (len(recordings) > 0) != (v.Accepted() && tt.flag != recording.NoActivity) {
				t.Errorf("%d sessions, %+v", len(recordings), v)
			}
			if cut := tt.flag == recording.TruncatedTail; len(recordings) > 0 && slices.Contains(recordings[len(recordings)-1].Flags, recording.TruncatedTail) != cut {
				t.Errorf("the last session says cut off: %v, want %v", !cut, cut)
			}
			if tt.flag == recording.BrokenTail && recordings[0].Samples.Len() != 61 {
				t.Errorf("%d samples: the broken file left some", recordings[0].Samples.Len())
			}
		})
	}
}

func TestSourceAndTime(t *testing.T) {
	_, v := recording.Read(t.Context(), io.MultiReader(bytes.NewReader(minute()[:100]), iotest.ErrReader(errors.ErrUnsupported)), recording.Limits{})
	if v.Reason != recording.NotReadToTheEnd || !errors.Is(v.Err, errors.ErrUnsupported) {
		t.Errorf("%+v", v)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, v := recording.Read(ended, bytes.NewReader(minute()), recording.Limits{}); v.Reason != recording.TooMuchTime {
		t.Errorf("%+v", v)
	}
}

func TestWatchesWrite(t *testing.T) {
	messages := append([][]byte{
		definition(1, 0, field{0, 1, enum}, field{1, 2, u16}, field{2, 2, u16}, field{3, 4, 0x8C}, field{4, 4, u32}),
		data(1, uint8(4), uint16(1), uint16(2), uint32(3), now),
		definition(2, 21, field{253, 4, u32}, field{0, 1, enum}, field{1, 1, enum}),
		data(2, now, uint8(0), uint8(0)),
	}, records(now, 0, 140, now+10, 3000, 255, now+10, 3000, 150, now+5, 3000, 150)...)
	messages = append(messages,
		data(2, now+10, uint8(0), uint8(4)), data(2, now+40, uint8(0), uint8(0)), // a pause
		data(0, now+50, uint32(6000), uint8(160)),
		definition(3, 19, field{253, 4, u32}, field{2, 4, u32}, field{7, 4, u32}, field{9, 4, u32}), // a lap without a timer
		data(3, now+50, now, uint32(50_500), uint32(6000)),
		// a session; its sub-sport has a base type that does not exist, its ascent no value
		definition(3, 18, field{2, 4, u32}, field{5, 1, enum}, field{6, 1, 0x55}, field{7, 4, u32}, field{8, 4, u32}, field{22, 2, u16}),
		data(3, now, uint8(1), uint8(4), uint32(50_500), uint32(20_500), uint16(0xFFFF)),
	)
	r := one(t, fittest.Wrap(messages...))
	start := float64(now) + 631065600
	want := session.Recording{
		Sport: session.Running, SubSport: "track",
		Device: session.Device{Manufacturer: 1, Product: 2, Serial: 3, Created: time.Unix(int64(start), 0).UTC()},
		Laps:   []session.Lap{{Start: start, Elapsed: 50500 * time.Millisecond, Distance: 60}},
		Pauses: []session.Span{{Start: start + 10, End: start + 40}},
		Reported: session.Reported{
			Start: start, Elapsed: 50500 * time.Millisecond, Timer: 20500 * time.Millisecond,
		},
		Flags: []session.Flag{session.NoPosition, session.TimeBackwards, session.DoubledTimes},
	}
	samples := r.Samples
	r.Samples = session.Samples{}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{0, 30, 30, 30, 60}, samples.Distance); diff != "" {
		t.Error(diff)
	}
	if hr := samples.HeartRate; hr[0] != 140 || hr[1] == hr[1] || samples.Latitude != nil || samples.Power != nil {
		t.Errorf("%+v", samples)
	}
}

// Times in five bits, speed and distance in three bytes, steps and places.
func TestPackedFields(t *testing.T) {
	r := one(t, fittest.Wrap(
		definition(2, 12, field{0, 1, enum}), data(2, uint8(1)), // running
		definition(0, 20, field{253, 4, u32}), data(0, now),
		definition(1, 20, field{8, 3, 0x0D}, field{4, 1, u8}, field{53, 1, u8}, field{0, 4, s32}, field{78, 4, u32}, field{2, 2, u16}),
		// 3.00 m/s and 4090/16 m; 90.5 turns; 45 degrees; 20 m, and 0 m in the old field
		data(0x80|1<<5|byte((now+1)&31), [3]byte{0x2C, 0xA1, 0xFF}, uint8(90), uint8(64), int32(1<<29), uint32(2600), uint16(2500)),
		data(0x80|1<<5|byte((now+30)&31), [3]byte{0x2C, 0xA1, 0x00}, uint8(90), uint8(64), int32(1<<29), uint32(0xFFFFFFFF), uint16(2500)),
	))
	s := r.Samples
	if s.Time[1]-s.Time[0] != 1 || s.Time[2]-s.Time[0] != 30 || s.Distance[1] != 4090.0/16 || s.Distance[2] != (4096+10)/16.0 {
		t.Errorf("times %v, distances %v", s.Time, s.Distance)
	}
	if s.Speed[1] != 3 || s.Cadence[1] != 181 || s.Latitude[1] != 45 || s.Altitude[1] != 20 || s.Altitude[2] != 0 {
		t.Errorf("%+v", s)
	}
}

func TestSystemTimeIsNoDate(t *testing.T) {
	r := one(t, fittest.Wrap(records(1000, 0, 140, 1060, 18000, 140)...))
	if !slices.Contains(r.Flags, session.NoClock) || r.Start() != 1000 {
		t.Errorf("%v %v", r.Flags, r.Start())
	}
}

func TestMultisport(t *testing.T) {
	var triples []uint32
	for i := range uint32(101) {
		triples = append(triples, now+i, 300*i, 140)
	}
	messages := append(records(triples...), definition(1, 18, field{2, 4, u32}, field{5, 1, enum}, field{7, 4, u32}),
		data(1, now, uint8(2), uint32(50_000)), data(1, now+60, uint8(1), uint32(40_000)))
	recordings, v := decode(t, fittest.Wrap(messages...))
	if len(recordings) != 2 || recordings[0].Sport != "cycling" || recordings[0].Samples.Len() != 51 || recordings[1].Samples.Len() != 41 {
		t.Fatalf("%+v", v)
	}
	if s := session.Analyse(recordings[1]); s.Distance != 120 || s.Elapsed != 40*time.Second {
		t.Errorf("%+v", s)
	}
}

// What would fill memory or time ends in a verdict, and in few allocations.
func TestBombs(t *testing.T) {
	empty := definition(0, 200) // a message without fields: one byte each
	flat := definition(0, 20, field{253, 4, u32})
	small := fittest.Wrap(empty)
	for _, tt := range []struct {
		name   string
		file   []byte
		reason recording.Reason
	}{
		{"8 million messages of a byte", fittest.Wrap(empty, make([]byte, 8<<20)), recording.TooManyParts},
		{"4 million records", fittest.Wrap(flat, bytes.Repeat(data(0, now), 4<<20)[:19<<20/5*5]), recording.TooManyParts},
		{"definitions only", fittest.Wrap(bytes.Repeat(definition(0, 20, slices.Repeat([]field{{5, 255, u32}}, 255)...), 25000)), ""},
		{"sessions", fittest.Wrap(definition(0, 18, field{5, 1, enum}), bytes.Repeat(data(0, uint8(1)), 100_000)), recording.TooManyParts},
		{"laps", fittest.Wrap(definition(0, 19, field{253, 4, u32}), bytes.Repeat(data(0, now), 100_000)), recording.TooManyParts},
		{"40,000 chained files", bytes.Repeat(small, 40_000), recording.TooManyParts},
		{"a byte above the limit", fittest.Wrap(empty, make([]byte, recording.DefaultBytes)), recording.TooManyParts},
		{"200 MB of zeros, packed", packed(t, make([]byte, 200<<20)), recording.NotFIT},
		{"a long file, packed", packed(t, fittest.Wrap(definition(0, 200, slices.Repeat([]field{{1, 255, u8}}, 255)...), make([]byte, (1+255*255)*900))), recording.TooManyBytes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			begin := time.Now()
			recordings, v := decode(t, tt.file)
			took := time.Since(begin)
			runtime.ReadMemStats(&after)
			allocated := float64(after.TotalAlloc-before.TotalAlloc) / 1e6
			t.Logf("%.2f MB in: %s after %v, %.1f MB allocated in all", float64(len(tt.file))/1e6, v.Reason, took, allocated)
			if v.Reason != tt.reason || len(recordings) > 0 {
				t.Errorf("%+v, want %q", v, tt.reason)
			}
			if allocated > 64 {
				t.Errorf("%.1f MB allocated", allocated)
			}
		})
	}
}

func fuzz(f *testing.F, prepare func(testing.TB, []byte) []byte) {
	good := minute()
	for _, seed := range [][]byte{
		nil, good, good[:100], append(slices.Clone(good), good[:90]...), packed(f, good),
		fittest.Wrap(definition(0, 18, field{2, 4, u32}, field{5, 1, enum}), data(0, now, uint8(1))),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		recordings, v := decode(t, prepare(t, b))
		if v.Accepted() == (v.Reason != "") || !v.Accepted() && recordings != nil {
			t.Fatalf("%d sessions, %+v", len(recordings), v)
		}
		for _, r := range recordings {
			s := session.Analyse(r)
			if s.Moving > s.Timer || s.Timer > s.Elapsed || s.Moving < 0 {
				t.Fatalf("%+v", s)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	fuzz(f, func(_ testing.TB, b []byte) []byte { return b })
}

func FuzzReadPacked(f *testing.F) { fuzz(f, packed) }

// FuzzReadMessages mends length and checksums, so that the fuzzer gets at the
// messages.
func FuzzReadMessages(f *testing.F) {
	fuzz(f, func(_ testing.TB, b []byte) []byte { return fittest.Wrap(b) })
}
