package token_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/token"
)

var refreshKey = bytes.Repeat([]byte{7}, 32)

func first(t testing.TB, tokens token.RefreshTokens) account.RefreshToken {
	t.Helper()
	r, err := tokens.First(t.Context(), runner, session)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRefreshTokensFollowOneAnother(t *testing.T) {
	tokens := token.RefreshTokens{Key: source(refreshKey)}
	r0 := first(t, tokens)
	if r0.Runner != runner || r0.Family != session || r0.Counter != 0 || r0.Digest != sha256.Sum256([]byte(r0.Text)) {
		t.Errorf("first token %+v", r0)
	}
	seen := map[string]bool{r0.Text: true}
	present := r0
	for want := uint32(1); want <= 3; want++ {
		read, err := tokens.Read(t.Context(), present.Text)
		if err != nil || read != present {
			t.Fatalf("Read = %+v, %v; want %+v", read, err, present)
		}
		next, err := tokens.Next(t.Context(), present)
		if err != nil {
			t.Fatal(err)
		}
		again, err := tokens.Next(t.Context(), read)
		if err != nil || again != next {
			t.Errorf("Next gave %+v and then %+v", next, again)
		}
		if next.Runner != runner || next.Family != session || next.Counter != want || seen[next.Text] {
			t.Errorf("token %d is %+v", want, next)
		}
		seen[next.Text] = true
		present = next
	}
	if other := first(t, tokens); other.Text == r0.Text {
		t.Error("two families with the same ids have the same token: no nonce")
	}
}

func TestRefreshTokenTellsNothingThatIsStored(t *testing.T) {
	r := first(t, token.RefreshTokens{Key: source(refreshKey)})
	stored := runner + session + base64.RawURLEncoding.EncodeToString(r.Digest[:])
	for i := 0; i+9 <= len(r.Text); i++ {
		if strings.Contains(stored, r.Text[i:i+9]) {
			t.Errorf("%q is in the store", r.Text[i:i+9])
		}
	}
}

func TestRefreshTokensRefused(t *testing.T) {
	tokens := token.RefreshTokens{Key: source(refreshKey)}
	good := first(t, tokens).Text
	foreign := first(t, token.RefreshTokens{Key: source(bytes.Repeat([]byte{8}, 32))}).Text
	access := sign(t, newPair(t).key, `{"alg":"RS256"}`, "{}")
	cases := map[string]string{
		"missing":         "",
		"prefix alone":    "srt1.",
		"access token":    access,
		"10 KB":           "srt1." + strings.Repeat("A", 10<<10),
		"not base64url":   "srt1." + strings.Repeat("*", len(good)-5),
		"other version":   "srt2." + good[5:],
		"no prefix":       good[5:],
		"cut short":       good[:len(good)-1],
		"longer":          good + "AAAA",
		"line break":      good[:20] + "\n" + good[20:],
		"padding":         good + "=",
		"of other server": foreign,
	}
	raw, err := base64.RawURLEncoding.DecodeString(good[5:])
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw { // one bit, wherever
		flipped := bytes.Clone(raw)
		flipped[i] ^= 1
		cases["bit of byte "+string(rune('A'+i))] = "srt1." + base64.RawURLEncoding.EncodeToString(flipped)
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := tokens.Read(t.Context(), text)
			f, _ := errors.AsType[*fault.Fault](err)
			if f == nil || f.Kind != fault.Denied || f.Slug != "refresh_invalid" || got != (account.RefreshToken{}) {
				t.Errorf("Read = %+v, %v; want refresh_invalid", got, err)
			}
			if _, err := tokens.Next(t.Context(), account.RefreshToken{Text: text}); !errors.Is(err, fault.Denied) {
				t.Errorf("Next: %v, want refresh_invalid", err)
			}
		})
	}
}

func TestRefreshKeyTrouble(t *testing.T) {
	down := errors.New("down")
	none := token.RefreshTokens{Key: func(context.Context) ([]byte, error) { return nil, down }}
	if _, err := none.First(t.Context(), runner, session); !errors.Is(err, down) {
		t.Errorf("First: %v, want %v", err, down)
	}
	good := first(t, token.RefreshTokens{Key: source(refreshKey)})
	if _, err := none.Read(t.Context(), good.Text); !errors.Is(err, down) || errors.Is(err, fault.Denied) {
		t.Errorf("Read: %v, want %v: a runner must not be signed out for it", err, down)
	}
	short := token.RefreshTokens{Key: source(refreshKey[:31])}
	if _, err := short.First(t.Context(), runner, session); err == nil {
		t.Error("a short key makes tokens")
	}
	if _, err := none.First(t.Context(), "x", session); err == nil || errors.Is(err, down) {
		t.Errorf("First for no runner: %v", err)
	}
}

func FuzzRefreshRead(f *testing.F) {
	tokens := token.RefreshTokens{Key: source(refreshKey)}
	f.Add(first(f, tokens).Text)
	f.Add("srt1.")
	f.Add("srt1.AAAA====\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := tokens.Read(t.Context(), text)
		if err == nil && (r.Text != text || len(r.Runner) != 36 || len(r.Family) != 36) {
			t.Errorf("Read(%q) = %+v", text, r)
		}
		if err != nil && !errors.Is(err, fault.Denied) {
			t.Errorf("Read(%q): %v", text, err)
		}
	})
}

func TestSameDigest(t *testing.T) {
	a, b := []byte("digest of a"), []byte("digest of b")
	if !token.SameDigest(a, bytes.Clone(a)) || token.SameDigest(a, b) || token.SameDigest(a, a[:4]) || token.SameDigest(nil, a) {
		t.Error("SameDigest is wrong")
	}
}

// TestRefreshTokensEnd: the counter does not start again, for then an old
// token would be the next one.
func TestRefreshTokensEnd(t *testing.T) {
	tokens := token.RefreshTokens{Key: source(refreshKey)}
	present := first(t, tokens)
	body, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(present.Text, "srt1."))
	if err != nil {
		t.Fatal(err)
	}
	copy(body[32:], []byte{255, 255, 255, 255})
	mac := hmac.New(sha256.New, refreshKey)
	mac.Write([]byte("srt1."))
	mac.Write(body[:52])
	last, err := tokens.Read(t.Context(), "srt1."+base64.RawURLEncoding.EncodeToString(mac.Sum(body[:52])))
	if err != nil || last.Counter != 1<<32-1 {
		t.Fatalf("the last token: %+v, %v", last, err)
	}
	if next, err := tokens.Next(t.Context(), last); !errors.Is(err, fault.Denied) {
		t.Errorf("after the last one: %+v, %v", next, err)
	}
}
