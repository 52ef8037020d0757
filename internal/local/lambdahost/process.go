package lambdahost

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// A process is one running bootstrap with the Runtime API that it talks to.
// Calls go one at a time; whoever makes one is the only reader of its reports.
type process struct {
	command *exec.Cmd
	started time.Time
	server  *http.Server
	log     *os.File // what the process writes; a file, so that it is here before the answer is
	calls   chan call
	reports chan report
	exited  chan struct{} // closed when the process is gone

	mu      sync.Mutex
	current string // id of the call that has no answer yet
}

// maxLog is how much of what a process writes is read back for one call.
const maxLog = 64 << 10

// errExited says that a process is gone.
var errExited = errors.New("the process has ended")

// start starts a program that finds nothing but env in its environment.
func start(ctx context.Context, bootstrap string, env []string) (*process, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &process{calls: make(chan call), reports: make(chan report), exited: make(chan struct{})}
	p.server = &http.Server{Handler: p.runtimeAPI(), ReadHeaderTimeout: initTimeout}
	go func() { _ = p.server.Serve(listener) }() // until end closes it
	if p.log, err = openLog(); err != nil {
		return nil, errors.Join(err, p.server.Close())
	}
	// The process outlives the call that starts it.
	p.command = exec.Command(bootstrap) //nolint:noctx // end ends it, not ctx
	p.command.Dir = filepath.Dir(bootstrap)
	p.command.Env = append(env, "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())
	p.command.Stdout, p.command.Stderr = p.log, p.log
	p.command.SysProcAttr = dieWithParent
	p.started = time.Now()
	if err := p.command.Start(); err != nil {
		return nil, errors.Join(err, p.server.Close(), p.log.Close())
	}
	go func() {
		_ = p.command.Wait() // how it ended is in ProcessState
		close(p.exited)
	}()
	return p, nil
}

// invoke hands a call to the waiting process and returns its answer. The
// error is errExited or ctx's.
func (p *process) invoke(ctx context.Context, c call) (report, error) {
	select {
	case p.calls <- c:
		return p.await(ctx)
	case <-p.exited:
		return report{}, errExited
	case <-ctx.Done():
		return report{}, ctx.Err()
	}
}

// await returns the next thing that the process says.
func (p *process) await(ctx context.Context) (report, error) {
	select {
	case r := <-p.reports:
		return r, nil
	case <-p.exited:
		return report{}, errExited
	case <-ctx.Done():
		return report{}, ctx.Err()
	}
}

func (p *process) running() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// exit says how the process ended, after it has.
func (p *process) exit() string {
	<-p.exited
	return p.command.ProcessState.String()
}

// end ends the process and waits until it is gone. It may be called again.
func (p *process) end() {
	_ = p.command.Process.Kill() // fails if it has ended already
	<-p.exited
	_ = p.server.Close()
	_ = p.log.Close()
}

// openLog makes the file for what a process writes. It has no name, so that
// nothing is left of it when all who have it open are gone.
func openLog() (*os.File, error) {
	file, err := os.CreateTemp("", "bootstrap-*.log")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (p *process) logSize() int64 {
	info, err := p.log.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// logFrom returns what the process has written from an offset on, the last
// of it if it is long.
func (p *process) logFrom(offset int64) string {
	size := p.logSize()
	text := make([]byte, max(0, min(size-offset, maxLog)))
	n, _ := p.log.ReadAt(text, size-int64(len(text))) // what cannot be read is left out
	return string(text[:n])
}
