package token_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/token"
)

func TestCursorBelongsToOneList(t *testing.T) {
	cursors := token.Cursors{Key: source(refreshKey)}
	list := token.List{Runner: runner, Route: "GET /api/plans", Filter: "limit=20"}
	const position = "PLAN#019301d4"
	cursor, err := cursors.Seal(t.Context(), list, position, now)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(cursor, "PLAN") {
		t.Error("the position can be read")
	}
	with := func(change func(*token.List)) token.List {
		l := list
		change(&l)
		return l
	}
	flipped := []byte(cursor)
	flipped[30] ^= 1
	for _, tt := range []struct {
		name   string
		list   token.List
		cursor string
		at     time.Time
		ok     bool
	}{
		{"own list", list, cursor, now, true},
		{"just in time", list, cursor, now.Add(token.CursorLifetime - time.Second), true},
		{"too old", list, cursor, now.Add(token.CursorLifetime), false},
		{"other runner", with(func(l *token.List) { l.Runner = session }), cursor, now, false},
		{"other route", with(func(l *token.List) { l.Route = "GET /api/sessions" }), cursor, now, false},
		{"other filter", with(func(l *token.List) { l.Filter = "limit=21" }), cursor, now, false},
		{"filter moved to the route", token.List{Runner: runner, Route: "GET /api/planslimit=20"}, cursor, now, false},
		{"empty", list, "", now, false},
		{"one bit", list, string(flipped), now, false},
		{"cut short", list, cursor[:len(cursor)-4], now, false},
		{"padding", list, cursor + "=", now, false},
		{"line break", list, cursor + "\n", now, false},
		{"position in plain", list, position, now, false},
		{"long", list, strings.Repeat("A", 1<<20), now, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cursors.Open(t.Context(), tt.list, tt.cursor, tt.at)
			if tt.ok {
				if got != position || err != nil {
					t.Errorf("Open = %q, %v; want %q", got, err, position)
				}
				return
			}
			f, _ := errors.AsType[*fault.Fault](err)
			if f == nil || f.Kind != fault.Malformed || f.Slug != "invalid_cursor" || got != "" {
				t.Errorf("Open = %q, %v; want invalid_cursor", got, err)
			}
		})
	}
	other := token.Cursors{Key: source(bytes.Repeat([]byte{9}, 32))}
	if _, err := other.Open(t.Context(), list, cursor, now); !errors.Is(err, fault.Malformed) {
		t.Errorf("Open under another key: %v", err)
	}
}

func TestCursorKeyTrouble(t *testing.T) {
	down := errors.New("down")
	none := token.Cursors{Key: func(context.Context) ([]byte, error) { return nil, down }}
	if _, err := none.Seal(t.Context(), token.List{}, "", now); !errors.Is(err, down) {
		t.Errorf("Seal: %v, want %v", err, down)
	}
	if _, err := none.Open(t.Context(), token.List{}, strings.Repeat("A", 60), now); !errors.Is(err, down) {
		t.Errorf("Open: %v, want %v", err, down)
	}
	short := token.Cursors{Key: source(refreshKey[:16])}
	if _, err := short.Seal(t.Context(), token.List{}, "", now); err == nil {
		t.Error("a short key seals")
	}
}

func TestCursorsReturnWhatTheyHold(t *testing.T) {
	cursors := token.Cursors{Key: source(refreshKey)}
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringN(0, 40, -1)
		list := token.List{Runner: part.Draw(t, "runner"), Route: part.Draw(t, "route"), Filter: part.Draw(t, "filter")}
		position := part.Draw(t, "position")
		cursor, err := cursors.Seal(t.Context(), list, position, now)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := cursors.Open(t.Context(), list, cursor, now); got != position || err != nil {
			t.Fatalf("Open = %q, %v; want %q", got, err, position)
		}
	})
}

func FuzzCursorOpen(f *testing.F) {
	cursors := token.Cursors{Key: source(refreshKey)}
	f.Add("")
	f.Add(strings.Repeat("A", 60))
	f.Fuzz(func(t *testing.T, cursor string) {
		if got, err := cursors.Open(t.Context(), token.List{}, cursor, now); err == nil {
			t.Errorf("Open(%q) = %q", cursor, got)
		}
	})
}
