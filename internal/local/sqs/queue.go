// Package sqs is as much of SQS as Stride uses, for one machine: queues whose
// messages survive a kill of the process, the protocol to send to them, and
// the mapping that hands messages to functions, as Lambda does. Signatures
// are not checked, so it belongs on a loopback address.
package sqs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// maxReceive is how often a message is given out, as in the stacks. What has
// failed as often goes to the dead letters.
const maxReceive = 5

// unfinished ends the names of files that are being written.
const unfinished = ".new"

// A message is one as its file keeps it.
type message struct {
	Body      string    `json:"body"`
	Sent      time.Time `json:"sent"`
	VisibleAt time.Time `json:"visible_at"`
	Received  int       `json:"received"` // how often it was given out

	id   string
	busy bool // given out, or held, by this process: after its end by nobody
}

// A Queue keeps its messages in a folder, a file each. It is safe for
// concurrent use, but no second one may have the folder.
type Queue struct {
	name, folder string
	maxDelay     time.Duration

	mu       sync.Mutex
	messages map[string]*message
	changed  chan struct{} // closed, and made anew, whenever a message may have become visible
}

// open reads the messages of a queue. Those that somebody was working on when
// the process ended, or that were held, are there for everybody.
func open(name, folder string, maxDelay time.Duration) (*Queue, error) {
	q := &Queue{name: name, folder: folder, maxDelay: maxDelay, messages: map[string]*message{}, changed: make(chan struct{})}
	if err := os.MkdirAll(q.dead(), 0o700); err != nil {
		return nil, fmt.Errorf("open queue %s: %w", name, err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("open queue %s: %w", name, err)
	}
	for _, file := range files {
		id, ok := strings.CutSuffix(file.Name(), ".json")
		if strings.HasSuffix(file.Name(), unfinished) { // a kill left it half written, and it was not acknowledged
			err = os.Remove(filepath.Join(folder, file.Name()))
		}
		if err != nil {
			return nil, fmt.Errorf("open queue %s: %w", name, err)
		}
		if !ok {
			continue
		}
		text, err := os.ReadFile(q.path(id))
		if err != nil {
			return nil, fmt.Errorf("open queue %s: %w", name, err)
		}
		m := &message{id: id}
		if err := json.Unmarshal(text, m); err != nil {
			return nil, fmt.Errorf("open queue %s: %s: %w", name, q.path(id), err)
		}
		q.messages[id] = m
	}
	return q, nil
}

func (q *Queue) dead() string          { return filepath.Join(q.folder, "dead") }
func (q *Queue) path(id string) string { return filepath.Join(q.folder, id+".json") }

// Send keeps a message, which nobody is given before the delay is over; the
// queue may have a shorter one. When it returns, the message is on disk.
func (q *Queue) Send(body string, delay time.Duration) (id string, err error) {
	m, err := q.add(body, min(delay, q.maxDelay), false)
	if err != nil {
		return "", err
	}
	return m.id, nil
}

// Hold keeps a message that nobody is given before settle says so, or drops
// it. Should the process end in between, it counts as sent.
func (q *Queue) Hold(body string) (settle func(send bool) error, err error) {
	m, err := q.add(body, 0, true)
	if err != nil {
		return nil, err
	}
	return func(send bool) error {
		if !send {
			return q.delete(m)
		}
		q.mu.Lock()
		defer q.mu.Unlock()
		m.busy = false
		q.wake()
		return nil
	}, nil
}

func (q *Queue) add(body string, delay time.Duration, hold bool) (*message, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("send to queue %s: %w", q.name, err)
	}
	now := time.Now()
	m := &message{Body: body, Sent: now, VisibleAt: now.Add(delay), id: id.String(), busy: hold}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.write(m, true); err != nil {
		return nil, err
	}
	q.messages[m.id] = m
	q.wake()
	return m, nil
}

// write keeps a message as it is; synced, also from a loss of power.
func (q *Queue) write(m *message, synced bool) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write to queue %s: %w", q.name, err)
	}
	file, err := os.OpenFile(q.path(m.id)+unfinished, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write to queue %s: %w", q.name, err)
	}
	_, err = file.Write(text)
	if synced {
		err = errors.Join(err, file.Sync())
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(q.path(m.id)+unfinished, q.path(m.id))
	}
	if err == nil && synced {
		err = syncFolder(q.folder)
	}
	if err != nil {
		return fmt.Errorf("write to queue %s: %w", q.name, err)
	}
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path) //nolint:gosec // our own
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// wake tells those who wait that there may be something. Its caller has the
// lock.
func (q *Queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// receive waits for messages and takes at most n of them, the oldest first.
// Nobody else is given them until they are deleted or given back. Error: that
// of the context, or of the disk.
func (q *Queue) receive(ctx context.Context, n int) ([]*message, error) {
	for {
		got, changed, next, err := q.take(n)
		if err != nil || len(got) > 0 {
			return got, err
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// take takes what is visible. If that is nothing, next is how long it will be
// so, unless changed is closed before.
func (q *Queue) take(n int) (got []*message, changed <-chan struct{}, next time.Duration, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	next = time.Hour
	for _, m := range q.messages {
		switch wait := m.VisibleAt.Sub(now); {
		case m.busy:
		case wait > 0:
			next = min(next, wait)
		default:
			got = append(got, m)
		}
	}
	slices.SortFunc(got, func(a, b *message) int { return strings.Compare(a.id, b.id) }) // ids begin with the time
	got = got[:min(n, len(got))]
	for _, m := range got {
		// First, so that a message that kills the process is not given out
		// for ever.
		m.Received++
		if err := q.write(m, false); err != nil {
			m.Received--
			return nil, nil, 0, err
		}
		m.busy = true
	}
	return got, q.changed, next, nil
}

// delete forgets a message.
func (q *Queue) delete(m *message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.messages, m.id)
	if err := os.Remove(q.path(m.id)); err != nil {
		return fmt.Errorf("delete from queue %s: %w", q.name, err)
	}
	return nil
}

// giveBack has a message given out again after a while, or, once it was given
// out as often as it may, puts it to the dead letters.
func (q *Queue) giveBack(m *message, after time.Duration) (dead bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if m.Received >= maxReceive {
		delete(q.messages, m.id)
		if err := os.Rename(q.path(m.id), filepath.Join(q.dead(), m.id+".json")); err != nil {
			return true, fmt.Errorf("give up in queue %s: %w", q.name, err)
		}
		return true, nil
	}
	m.busy, m.VisibleAt = false, time.Now().Add(after)
	q.wake()
	return false, q.write(m, false)
}

// Len returns how many messages wait or are worked on, and how many are dead.
func (q *Queue) Len() (waiting, dead int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	files, _ := os.ReadDir(q.dead())
	return len(q.messages), len(files)
}
