package objects

import "time"

// SetClock changes the clock that addresses are signed by.
func SetClock(b *Bucket, now func() time.Time) { b.now = now }
