package s3

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

// childVariable makes any program that links this package a gateway and
// nothing else. Its value is a settings.
const childVariable = "STRIDE_LOCAL_S3"

// settings are what a gateway needs to know.
type settings struct {
	Folder, Addr, Region, Key, Secret string
}

// A gateway needs a process of its own: it changes the working directory,
// prints to standard output, and there can be one only in a process. So a
// program starts itself once more, and this is where the second one turns off,
// before it does anything else. It works in tests as in the server.
func init() {
	text, ok := os.LookupEnv(childVariable)
	if !ok {
		return
	}
	var s settings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := s.run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run serves until standard input ends, which it does when the parent is
// gone, however that came about.
func (s settings) run() error {
	signal.Ignore(os.Interrupt) // Ctrl-C is for the parent, who still has requests to finish
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	keepPrivate()
	folder := func(name string) string { return filepath.Join(s.Folder, name) }
	for _, name := range []string{"objects", "metadata", "versions"} {
		if err := os.MkdirAll(folder(name), 0o700); err != nil {
			return err
		}
	}
	sidecar, err := meta.NewSideCar(folder("metadata"))
	if err != nil {
		return err
	}
	backend, err := posix.New(folder("objects"), sidecar, posix.PosixOpts{
		SideCarDir: folder("metadata"), VersioningDir: folder("versions"), NewDirPerm: 0o700, NewFilePerm: 0o600,
	})
	if err != nil {
		return err
	}
	root := auth.Account{Access: s.Key, Secret: s.Secret, Role: auth.RoleAdmin}
	return embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
		RootUserAccess: s.Key, RootUserSecret: s.Secret, Region: s.Region,
		IAMService: auth.NewIAMServiceSingle(root),
		Ports:      []string{s.Addr},
		KeepAlive:  true, Quiet: true,
		MaxConnections: 1000, MaxRequests: 500, MultipartMaxParts: 10000,
	})
}
