// Package s3 starts the local object store and looks after it: versitygw,
// which speaks S3's protocol over a folder and checks signatures, checksums
// and conditions as S3 does. In front of it stands a proxy that tells of new
// objects, durably, which the gateway's own events are not.
package s3

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/stride-run/stride/internal/local/child"
)

const (
	startTimeout = 10 * time.Second
	stopTimeout  = 3 * time.Second
	attempts     = 3 // to get a port that nobody takes in between
)

// Config says what to serve. Fields are required, but for those that say
// what their zero value means.
type Config struct {
	// Folder keeps the objects. Empty: a temporary one, gone after Stop.
	Folder string
	// Bucket is the one bucket, which is made, with versions as in the cloud.
	Bucket string
	// Region, Key and Secret are what requests have to be signed with.
	Region, Key, Secret string
	// Addr is where to serve, with a port. Empty: a free one of 127.0.0.1.
	Addr string
	// Origins are the origins of pages that may send and fetch objects by
	// signed addresses. Nil: none may.
	Origins []string
	// Suffix and Notify are the bucket's notification: for each new object
	// whose key ends in Suffix, Notify is given an S3 event before the object
	// is stored, and keeps it until stored says what came of it. Should this
	// process end in between, the event counts. Nil: nobody is told.
	Suffix string
	Notify func(event string) (stored func(bool) error, err error)
	Log    *slog.Logger
}

// A Store is a running object store.
type Store struct {
	Endpoint string // a URL without a path

	config    Config
	temporary string // folder to remove; empty: none
	front     *http.Server
	behind    *http.Transport // from front to the gateway
	addr      string          // of the gateway
	out       child.LastWords
	ended     chan struct{}

	mu       sync.Mutex
	process  *os.Process
	stdin    io.Closer // the gateway ends when it is closed
	stopping bool
	err      error
}

// Open starts the store and makes the bucket. It answers when Open returns.
// Whoever gets one has to Stop it. It cannot outlive this process.
func Open(ctx context.Context, config Config) (*Store, error) {
	s := &Store{config: config}
	if config.Folder == "" {
		folder, err := os.MkdirTemp("", "stride-s3-")
		if err != nil {
			return nil, fmt.Errorf("start local S3: %w", err)
		}
		s.temporary, s.config.Folder = folder, folder
	}
	folder, err := filepath.Abs(s.config.Folder)
	if err != nil {
		return nil, fmt.Errorf("start local S3: %w", err)
	}
	s.config.Folder = folder
	var errs []error
	for range attempts {
		if err = s.start(ctx); err == nil {
			break
		}
		errs = append(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	if err == nil {
		err = s.serve(ctx)
	} else {
		err = errors.Join(errs...)
	}
	if err != nil {
		s.Stop()
		return nil, fmt.Errorf("start local S3: %w", err)
	}
	return s, nil
}

// start runs the gateway in a process of its own until it answers.
func (s *Store) start(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if s.addr, err = child.FreeAddr(ctx); err != nil {
		return err
	}
	text, err := json.Marshal(settings{s.config.Folder, s.addr, s.config.Region, s.config.Key, s.config.Secret}) //nolint:gosec // for our own child
	if err != nil {
		return err
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), self) //nolint:gosec // this very program
	command.Env = []string{childVariable + "=" + string(text)}
	command.Stdout, command.Stderr = &s.out, &s.out
	command.WaitDelay = time.Second
	stdin, err := command.StdinPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	s.mu.Lock()
	s.process, s.stdin, s.ended, s.err = command.Process, stdin, ended, nil
	s.mu.Unlock()
	go func() {
		s.finish(command.Wait())
		close(ended)
	}()
	if err := s.prepare(ctx); err != nil {
		s.end()
		return fmt.Errorf("%w; its last words: %s", err, s.out.String())
	}
	return nil
}

// prepare waits for the gateway, and makes the bucket what it is in the cloud.
func (s *Store) prepare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr)
		if err == nil {
			_ = connection.Close()
			break
		}
		select {
		case <-s.ended:
			return s.Err()
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(3 * time.Millisecond):
		}
	}
	client := sdk.New(sdk.Options{
		Region: s.config.Region, BaseEndpoint: new("http://" + s.addr), UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: s.config.Key, SecretAccessKey: s.config.Secret}, nil
		}),
	})
	_, err := client.CreateBucket(ctx, &sdk.CreateBucketInput{Bucket: &s.config.Bucket})
	if _, ours := errors.AsType[*types.BucketAlreadyOwnedByYou](err); err != nil && !ours {
		return fmt.Errorf("make bucket: %w", err)
	}
	if _, err := client.PutBucketVersioning(ctx, &sdk.PutBucketVersioningInput{
		Bucket: &s.config.Bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}); err != nil {
		return fmt.Errorf("keep versions: %w", err)
	}
	return nil
}

// finish notes that the gateway has ended.
func (s *Store) finish(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return
	}
	if err == nil {
		err = errors.New("exit status 0")
	}
	s.err = fmt.Errorf("the local S3 has ended by itself: %w; its last words: %s", err, s.out.String())
}

// Ended is closed once the store has ended, by Stop or by itself.
func (s *Store) Ended() <-chan struct{} { return s.ended }

// Err says why the store has ended by itself; nil while it runs and after
// Stop.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Stop ends the store and waits until it has ended. It may be called again.
func (s *Store) Stop() {
	if s.front != nil {
		_ = s.front.Close()
		s.behind.CloseIdleConnections() // the gateway waits for them
	}
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	s.end()
	if s.temporary != "" {
		_ = os.RemoveAll(s.temporary)
	}
}

// end asks the gateway to end, and makes it.
func (s *Store) end() {
	s.mu.Lock()
	process, stdin, ended := s.process, s.stdin, s.ended
	s.mu.Unlock()
	if process == nil {
		return
	}
	_ = stdin.Close()
	select {
	case <-ended:
	case <-time.After(stopTimeout):
		_ = process.Kill()
		<-ended
	}
}
