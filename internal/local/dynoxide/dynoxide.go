// Package dynoxide starts the local DynamoDB and looks after it. dynoxide is
// a small server that speaks DynamoDB's protocol over one file; package.json
// beside this file pins it.
package dynoxide

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const (
	// endpointVariable is the SDK's own name for another endpoint.
	endpointVariable = "AWS_ENDPOINT_URL_DYNAMODB"

	folder = "internal/local/dynoxide"
	binary = folder + "/node_modules/@dynoxide/linux-x64/dynoxide"
	// checksum is the SHA-256 of the binary in version 1.2.1.
	checksum = "be909b7910d3fb552e85db10ef3c8ebae4bd35fee0f26dffdb6dfa5cc656426e"
)

// ErrNone says that there is nothing to start on this system, and both ways
// out.
var ErrNone = errors.New("there is no local DynamoDB: on Linux with an x86-64 processor run `npm ci` in " + folder +
	"; elsewhere set " + endpointVariable + " to an endpoint, such as http://127.0.0.1:8000 for Amazon's DynamoDB Local in Docker")

// A Database is a DynamoDB that can be reached.
type Database struct {
	Endpoint string // a URL without a path
	child    *child // nil: somebody else looks after it
}

// Provide returns the endpoint that the environment names, which lookup
// reads, or else starts dynoxide with its file in a folder of its own; no
// folder keeps everything in memory. The database answers when Provide
// returns. Whoever gets one has to Stop it.
//
// The child cannot outlive this process, and should it have done so all the
// same, the next start with that folder ends it. A second start with a folder
// that is in use is an error.
func Provide(ctx context.Context, lookup func(string) (string, bool), data string) (*Database, error) {
	if endpoint, _ := lookup(endpointVariable); endpoint != "" {
		return &Database{Endpoint: endpoint}, nil
	}
	path, err := find()
	if err != nil {
		return nil, err
	}
	child, err := start(ctx, path, data)
	if err != nil {
		return nil, fmt.Errorf("start dynoxide: %w", err)
	}
	return &Database{Endpoint: "http://" + child.addr, child: child}, nil
}

// Ended is closed once the database has ended, by Stop or by itself. For an
// endpoint that the environment names it never is.
func (d *Database) Ended() <-chan struct{} {
	if d.child == nil {
		return nil
	}
	return d.child.ended
}

// Err says why the database has ended; nil while it runs and after Stop.
func (d *Database) Err() error {
	if d.child == nil {
		return nil
	}
	return d.child.failure()
}

// Stop ends the database and waits until it has ended. It may be called
// again.
func (d *Database) Stop() {
	if d.child != nil {
		d.child.stop()
	}
}

// find returns the path of the binary, which it looks for in the module that
// this program or the working directory is in, and nowhere else.
func find() (string, error) {
	executable, _ := os.Executable() // without one the working directory is left
	working, _ := os.Getwd()
	for _, dir := range []string{filepath.Dir(executable), working} {
		for ; ; dir = filepath.Dir(dir) {
			path := filepath.Join(dir, filepath.FromSlash(binary))
			if content, err := os.ReadFile(path); err == nil { //nolint:gosec // the path is made of constants and our own place
				return path, check(content)
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return "", ErrNone
}

func check(content []byte) error {
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != checksum {
		return fmt.Errorf("the local DynamoDB is not the one that was tested: run `npm ci` in %s", folder)
	}
	return nil
}
