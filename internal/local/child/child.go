// Package child has what programs that the local server runs beside itself
// need alike.
package child

import (
	"context"
	"net"
	"sync"
)

// FreeAddr returns a loopback address that was free a moment ago. Programs
// that could choose one themselves do not tell which.
func FreeAddr(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// LastWords keep the end of what is written to them. They are safe for
// concurrent use.
type LastWords struct {
	mu   sync.Mutex
	text []byte
}

const mostWords = 2048 // bytes

// Write implements io.Writer. It never fails.
func (l *LastWords) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if over := len(l.text) - mostWords; over > 0 {
		l.text = append(l.text[:0], l.text[over:]...)
	}
	return len(p), nil
}

func (l *LastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}
