//go:build unix

package s3

import "syscall"

// keepPrivate has whatever this process makes be its owner's alone, as the
// gateway itself asks for no such thing where it notes what it knows.
func keepPrivate() { syscall.Umask(0o077) }
