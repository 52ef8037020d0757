package dynoxide

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	local "github.com/stride-run/stride/internal/local/child"
)

const (
	startTimeout = 5 * time.Second
	stopTimeout  = 3 * time.Second
	attempts     = 3 // to get a port that nobody takes in between
)

// A child is a running dynoxide.
type child struct {
	addr  string
	lock  *lock // nil: in memory
	out   local.LastWords
	ended chan struct{}

	mu       sync.Mutex
	process  *os.Process
	stopping bool
	err      error
}

// start runs dynoxide on a free loopback port until it answers.
func start(ctx context.Context, path, data string) (*child, error) {
	arguments := []string{"serve", "--host", "127.0.0.1"}
	var held *lock
	if data != "" {
		file, err := filepath.Abs(filepath.Join(data, "dynamodb.sqlite"))
		if err != nil {
			return nil, err
		}
		if held, err = acquire(data); err != nil {
			return nil, err
		}
		held.endOrphan(file)
		if err := keepPrivate(file); err != nil {
			held.release()
			return nil, err
		}
		arguments = append(arguments, "--db-path", file)
	}
	var errs []error
	for range attempts {
		c := &child{lock: held, ended: make(chan struct{})}
		err := c.run(ctx, path, arguments)
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	held.release()
	return nil, errors.Join(errs...)
}

// keepPrivate lets nobody but the owner read the database. It makes the file
// before dynoxide does: SQLite gives those beside it the rights of this one.
func keepPrivate(file string) error {
	made, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the folder is the user's choice
	if err != nil {
		return err
	}
	errs := []error{made.Chmod(0o600), made.Close()}
	for _, beside := range []string{"-wal", "-shm", "-journal"} { // from a start that did not do this
		if err := os.Chmod(file+beside, 0o600); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// run starts the process and waits for its first answer.
func (c *child) run(ctx context.Context, path string, arguments []string) error {
	addr, err := local.FreeAddr(ctx)
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	c.addr = addr
	command := exec.CommandContext(context.WithoutCancel(ctx), path, append(arguments, "--port", port)...) //nolint:gosec // a binary of known content
	command.Env = []string{}                                                                               // no credentials, no settings
	command.Stdout, command.Stderr = &c.out, &c.out
	command.WaitDelay = time.Second
	command.SysProcAttr = &syscall.SysProcAttr{
		Pdeathsig: syscall.SIGKILL, // when we die, however we die
		Setpgid:   true,            // Ctrl-C is for us: we still have requests to finish
	}
	started := make(chan error)
	go func() {
		// The kernel sends Pdeathsig when the thread that started the child
		// ends, so this thread has to stay for as long as the child.
		runtime.LockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			c.finish(command.Wait())
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	c.mu.Lock()
	c.process = command.Process
	c.mu.Unlock()
	if err := c.lock.record(command.Process.Pid); err != nil {
		c.end()
		return err
	}
	if err := c.ready(ctx); err != nil {
		c.end()
		return err
	}
	return nil
}

// ready polls until the server answers.
func (c *child) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		if err := ping(ctx, c.addr); err == nil {
			select {
			case <-c.ended: // somebody else answered
				return c.failure()
			default:
				return nil
			}
		}
		select {
		case <-c.ended:
			return c.failure()
		case <-ctx.Done():
			return fmt.Errorf("no answer: %w; its last words: %s", ctx.Err(), c.out.String())
		case <-time.After(3 * time.Millisecond):
		}
	}
}

// finish notes that the process has ended.
func (c *child) finish(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopping {
		if err == nil {
			err = errors.New("exit status 0")
		}
		c.err = fmt.Errorf("dynoxide has ended by itself: %w; its last words: %s", err, c.out.String())
	}
	close(c.ended)
}

func (c *child) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *child) stop() {
	c.end()
	c.lock.release()
}

// end asks the process to end, and makes it.
func (c *child) end() {
	c.mu.Lock()
	c.stopping = true
	process := c.process
	c.mu.Unlock()
	// A signal to a process that has ended is refused, not misdirected: the
	// handle knows that Wait is over.
	_ = process.Signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(stopTimeout):
		_ = process.Kill()
		<-c.ended
	}
}
