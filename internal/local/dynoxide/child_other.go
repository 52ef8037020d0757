//go:build !linux

package dynoxide

import "context"

// A child does not exist here: there is no binary for this system.
type child struct {
	addr  string
	ended chan struct{}
}

func start(context.Context, string, string) (*child, error) { return nil, ErrNone }

func (*child) failure() error { return nil }
func (*child) stop()          {}
