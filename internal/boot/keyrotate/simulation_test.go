package keyrotate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/boot/keyrotate"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

// What the world around the keys does. The period is as short as keys allow,
// instead of a month, so that all moments around a rotation are seen.
const (
	tick          = 5 * time.Minute
	period        = 4 * time.Hour
	verifierCache = 2 * time.Hour // API Gateway keeps keys for so long, and does not ask again for one it lacks
	rotations     = 10
)

// A signer holds the secret for as long as a function does; a verifier the
// documents. Each begins at another moment.
type holder struct {
	every time.Duration
	next  time.Duration // when it reads again
	kids  []string      // signer: the one that signs; verifier: all it knows
}

// a minted token is known by its key and its end.
type minted struct {
	kid  string
	ends time.Duration
}

// simulate runs signers, verifiers and rotations side by side, and counts the
// tokens that are shown to a verifier while they are good, and those refused.
func simulate(signs func() string, publishes func() []string, rotate func(n int, now time.Duration)) (shown, refused int) {
	var signers, verifiers []*holder
	for at := time.Duration(0); at < secrets.MaxAge+tick; at += tick {
		signers = append(signers, &holder{every: 3 * tick, next: at}) // 15 min: three times what it is
	}
	for at := time.Duration(0); at < verifierCache; at += tick {
		verifiers = append(verifiers, &holder{every: verifierCache, next: at})
	}
	var alive []minted
	done := 0
	for now := time.Duration(0); now < rotations*period; now += tick {
		if int(now/period) > done {
			done = int(now / period)
			rotate(done, now)
		}
		for _, s := range signers {
			if now >= s.next {
				s.kids, s.next = []string{signs()}, now+s.every
			}
			if s.kids != nil {
				alive = append(alive, minted{s.kids[0], now + token.Lifetime + token.Leeway})
			}
		}
		for len(alive) > 0 && alive[0].ends < now {
			alive = alive[1:]
		}
		for _, v := range verifiers {
			if now >= v.next {
				v.kids, v.next = publishes(), now+v.every
			}
			for _, m := range alive {
				if v.kids == nil {
					continue
				}
				shown++
				if !slices.Contains(v.kids, m.kid) {
					refused++
				}
			}
		}
	}
	return shown, refused
}

// TestNoTokenIsRefused has keys rotated by the real steps, a few minutes
// apart, with signers and verifiers that read whenever they like.
func TestNoTokenIsRefused(t *testing.T) {
	s := newSite(t)
	s.must(keyrotate.Event{})
	start := s.now
	signs := func() string { return s.value().SigningKeys.Current.KID }
	publishes := func() []string { return s.published() }
	shown, refused := simulate(signs, publishes, func(n int, now time.Duration) {
		s.now = start.Add(now)
		s.rotate(version(byte(n)))
	})
	if refused > 0 || shown < 10_000 {
		t.Errorf("%d of %d tokens were refused, want none of many", refused, shown)
	}
	t.Logf("%d tokens shown, %d refused, over %d rotations", shown, refused, rotations-1)
}

// TestSimulationFindsNaiveScheme publishes {previous, current}, with a new key
// signing at once: a simulation that lets this pass would prove nothing.
func TestSimulationFindsNaiveScheme(t *testing.T) {
	previous, current := "", "k0"
	shown, refused := simulate(
		func() string { return current },
		func() []string { return []string{previous, current} },
		func(n int, _ time.Duration) { previous, current = current, "k"+string(rune('0'+n)) },
	)
	if refused == 0 {
		t.Errorf("none of %d tokens was refused", shown)
	}
	t.Logf("%d tokens shown, %d refused", shown, refused)
}
