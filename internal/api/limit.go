package api

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/stride-run/stride/internal/fault"
)

// maxCallers bounds a Limiter's memory: twice that many callers at most.
const maxCallers = 4096

// A Limiter lets each caller through a number of times within any span of a
// given length. It counts in this process alone, so in the cloud, where
// several processes serve one function, it is a brake and no promise. A nil
// Limiter limits nobody.
type Limiter struct {
	limit int
	per   time.Duration
	now   func() time.Time

	mu sync.Mutex
	// Callers move from old to recent when they come back. What is still in
	// old when recent is full or a span is over has not been seen for a while
	// and is forgotten. So memory stays bounded without a scan.
	recent, old map[netip.Prefix]*passes
	turned      time.Time
}

// passes is when a caller was let through: a ring, the oldest at next once it
// is full.
type passes struct {
	times []time.Time
	next  int
}

// NewLimiter returns a Limiter that lets each caller through limit times
// within any per. A nil now is time.Now.
func NewLimiter(limit int, per time.Duration, now func() time.Time) *Limiter {
	if now == nil {
		now = time.Now
	}
	return &Limiter{limit: limit, per: per, now: now, recent: map[netip.Prefix]*passes{}}
}

// Limit puts the limiter before a handler: a caller who is over answers 429
// with the number of seconds to wait.
func (l *Limiter) Limit(handler Handler) Handler {
	if l == nil {
		return handler
	}
	return func(r *http.Request) (Response, error) {
		if wait := l.Pass(ClientAddress(r)); wait > 0 {
			return Response{}, &fault.Fault{
				Kind:       fault.RateLimited,
				Detail:     "Wait as long as the Retry-After header says.",
				RetryAfter: int((wait + time.Second - 1) / time.Second),
			}
		}
		return handler(r)
	}
}

// Pass lets a caller through and returns zero, or returns how long to wait.
// Callers who are turned away do not wait longer for having asked.
func (l *Limiter) Pass(caller netip.Prefix) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	p := l.find(caller, now)
	if len(p.times) < l.limit {
		p.times = append(p.times, now)
		return 0
	}
	if wait := p.times[p.next].Add(l.per).Sub(now); wait > 0 {
		return wait
	}
	p.times[p.next] = now
	p.next = (p.next + 1) % l.limit
	return 0
}

// find returns a caller's passes, and forgets those who stayed away.
func (l *Limiter) find(caller netip.Prefix, now time.Time) *passes {
	if now.Sub(l.turned) >= l.per || len(l.recent) >= maxCallers {
		l.old, l.recent, l.turned = l.recent, map[netip.Prefix]*passes{}, now
	}
	p, ok := l.recent[caller]
	if !ok {
		if p, ok = l.old[caller]; !ok {
			p = &passes{}
		}
		delete(l.old, caller)
		l.recent[caller] = p
	}
	return p
}
