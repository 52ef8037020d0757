package dynoxide

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A lock makes this process the only one with a data folder. The kernel gives
// it back when the process ends, however it ends. Its file says which process
// is, or was, the database. A nil lock is one of nothing.
type lock struct{ file *os.File }

// acquire takes the lock of a folder, which it makes if need be.
func acquire(data string) (*lock, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(data, "dynamodb.lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the folder is the user's choice
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("another Stride is using %s: stop it, or set STRIDE_DATA to another folder", data)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &lock{file}, nil
}

// record notes the process that has the data.
func (l *lock) record(pid int) error {
	if l == nil {
		return nil
	}
	return errors.Join(l.file.Truncate(0), func() error {
		_, err := l.file.WriteAt([]byte(strconv.Itoa(pid)+"\n"), 0)
		return err
	}())
}

// release lets others have the folder.
func (l *lock) release() {
	if l != nil {
		_ = l.file.Close() // twice does no harm
	}
}

// endOrphan ends the process that the last holder of the lock left behind,
// if there is one.
func (l *lock) endOrphan(database string) {
	text, _ := io.ReadAll(io.LimitReader(l.file, 32))
	pid, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	if err != nil {
		return
	}
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		for deadline := time.Now().Add(stopTimeout); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if !serves(pid, database) {
				return
			}
			_ = syscall.Kill(pid, signal)
		}
	}
}

// serves says whether a process is a dynoxide on this file. Its number alone
// says nothing: the system uses numbers again.
func serves(pid int, database string) bool {
	arguments, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return false
	}
	words := strings.Split(string(arguments), "\x00")
	return filepath.Base(words[0]) == filepath.Base(binary) && slices.Contains(words, database)
}
