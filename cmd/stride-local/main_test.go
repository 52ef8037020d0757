package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/storetest"
)

// A program is the real one, started as people start it.
type program struct {
	*exec.Cmd
	url string        // empty: it was not ready before it ended
	err *bytes.Buffer // what it says on standard error, once it has ended
}

// build builds the program and returns a way to start it, see launcher, and
// to wait until it is ready or has ended.
func build(t *testing.T) func(env ...string) *program {
	t.Helper()
	launch := launcher(t)
	return func(env ...string) *program {
		t.Helper()
		p, out := launch(env...)
		line, _ := bufio.NewReader(out).ReadString('\n')
		if url, ok := strings.CutPrefix(line, "Stride is running at "); ok {
			p.url = strings.TrimSpace(url)
		} else if line != "" {
			t.Errorf("ready line %q", line)
		}
		return p
	}
}

// launcher builds the program and returns a way to start it with settings, a
// folder of the test's own to be in, and cheap passwords.
func launcher(t *testing.T) func(env ...string) (*program, io.Reader) {
	t.Helper()
	storetest.Need(t)
	// It looks for its database from its own place upwards.
	if err := os.MkdirAll(filepath.Join("..", "..", "build"), 0o755); err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp(filepath.Join("..", "..", "build"), "test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	path, err := filepath.Abs(filepath.Join(folder, "stride-local"))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	table := "STRIDE_TABLE=test-" + rand.Text() // for a database that others use too
	return func(env ...string) (*program, io.Reader) {
		t.Helper()
		p := &program{Cmd: exec.CommandContext(t.Context(), path), err: &bytes.Buffer{}}
		p.Dir, p.Stderr = t.TempDir(), p.err
		p.Env = append(append(os.Environ(), "STRIDE_ADDR=127.0.0.1:0", "STRIDE_BCRYPT_COST=4", table), env...)
		out, err := p.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		return p, out
	}
}

// ask sends a request and returns the status and the answer.
func (p *program) ask(t *testing.T, method, path, token, body string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%s %s: %d %q", method, path, response.StatusCode, text)
	}
	return response.StatusCode, answer
}

func TestProgramStops(t *testing.T) {
	start := build(t)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		p := start()
		if !strings.HasPrefix(p.url, "http://127.0.0.1:") {
			t.Errorf("ready at %q", p.url)
		}
		if err := p.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := p.Wait(); err != nil {
			t.Errorf("after %v: %v, want exit 0\n%s", signal, err, p.err)
		}
	}
}

// TestProgramStopsBeforeItIsReady: Ctrl-C at any moment of a first start.
func TestProgramStopsBeforeItIsReady(t *testing.T) {
	launch := launcher(t)
	for _, first := range []string{"dynamodb.lock", "dynamodb.sqlite-wal", "secrets"} {
		data := t.TempDir()
		if strings.HasPrefix(first, "dynamodb") && os.Getenv("AWS_ENDPOINT_URL_DYNAMODB") != "" {
			continue // the database is somebody else's
		}
		sent := make(chan error, 1)
		p, _ := launch("STRIDE_DATA=" + data)
		go func() {
			for {
				if _, err := os.Stat(filepath.Join(data, first)); err == nil {
					sent <- p.Process.Signal(os.Interrupt)
					return
				}
				time.Sleep(time.Millisecond)
			}
		}()
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
		if err := p.Wait(); err != nil {
			t.Errorf("once there is %s: %v, want exit 0\n%s", first, err, p.err)
		}
	}
}

// TestProgramSaysWhyItDoesNotStart: one line, for people.
func TestProgramSaysWhyItDoesNotStart(t *testing.T) {
	start := build(t)
	data := t.TempDir()
	first := start("STRIDE_DATA=" + data)
	broken := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, env, want string }{
		{"all addresses", "STRIDE_ADDR=0.0.0.0:0", "STRIDE_ADDR"},
		{"address taken", "STRIDE_ADDR=" + strings.TrimPrefix(first.url, "http://"), "STRIDE_ADDR"},
		{"folder taken", "STRIDE_DATA=" + data, "STRIDE_DATA"},
		{"no folder", "STRIDE_DATA=" + broken, broken},
		{"nobody at the endpoint", "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1", "AWS_ENDPOINT_URL_DYNAMODB"},
		{"no endpoint", "AWS_ENDPOINT_URL_DYNAMODB=127.0.0.1:1", "AWS_ENDPOINT_URL_DYNAMODB"},
		{"cost", "STRIDE_BCRYPT_COST=3", "STRIDE_BCRYPT_COST=3"},
		{"table", "STRIDE_TABLE=a;b", "STRIDE_TABLE=a;b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := start(tt.env)
			exit, ok := errors.AsType[*exec.ExitError](p.Wait())
			if !ok || exit.ExitCode() != 1 || p.url != "" {
				t.Errorf("exit %v, ready at %q", exit, p.url)
			}
			lines := strings.Split(strings.TrimSpace(p.err.String()), "\n")
			last := lines[len(lines)-1]
			if !strings.HasPrefix(last, "stride-local: ") || !strings.Contains(last, tt.want) || strings.Contains(last, "operation error") {
				t.Errorf("says %q, want a line with %s", p.err, tt.want)
			}
		})
	}
	wrong := []string{"STRIDE_BCRYPT_COST=3", "STRIDE_TABLE=a;b", "STRIDE_DATA=" + broken, "STRIDE_ADDR=0.0.0.0:0", "AWS_ENDPOINT_URL_DYNAMODB=x"}
	p := start(wrong...)
	_ = p.Wait()
	for _, setting := range wrong {
		if !strings.Contains(p.err.String(), setting) {
			t.Errorf("of several wrong settings it does not name %s: %s", setting, p.err)
		}
	}
	if status, _ := first.ask(t, "GET", "/api/health", "", ""); status != 200 {
		t.Errorf("the first one answers %d", status)
	}
}

const (
	credentials = `{"email":"runner@example.org","password":"every mile counts"}`
	plan        = `{"weeks":16,"runs_per_week":4,"target_time":"4:00:00","first_long_run":12,"long_run_day":"sunday","name":"Spring"}`
)

// TestProgramKeepsData: what was answered with success is there after a stop
// and after a kill, and so are keys and sign-ins.
func TestProgramKeepsData(t *testing.T) {
	start := build(t)
	data := "STRIDE_DATA=" + t.TempDir()
	p := start(data)
	status, account := p.ask(t, "POST", "/api/register", "", credentials)
	if status != 201 {
		t.Fatalf("register: %d %v", status, account)
	}
	token := account["access_token"].(string)
	saved := []string{}
	// The same address again, so that the issuer is the same.
	address := "STRIDE_ADDR=" + strings.TrimPrefix(p.url, "http://")
	for _, end := range []os.Signal{os.Interrupt, os.Kill, os.Kill} {
		status, answer := p.ask(t, "POST", "/api/plans", token, plan)
		if status != 201 {
			t.Fatalf("save: %d %v", status, answer)
		}
		saved = append(saved, answer["id"].(string))
		if err := p.Process.Signal(end); err != nil {
			t.Fatal(err)
		}
		_ = p.Wait()
		if p = start(data, address); p.url == "" {
			t.Fatalf("after %v it does not start: %v\n%s", end, p.Wait(), p.err)
		}
		for _, id := range saved {
			if status, answer := p.ask(t, "GET", "/api/plans/"+id, token, ""); status != 200 || len(answer["weeks"].([]any)) != 16 {
				t.Errorf("plan %s after %v: %d %v", id, end, status, answer["title"])
			}
		}
		if status, answer := p.ask(t, "POST", "/api/login", "", credentials); status != 200 {
			t.Errorf("login after %v: %d %v", end, status, answer)
		}
	}
}

// TestProgramEndsWithItsDatabase: it does not go on with half of itself.
func TestProgramEndsWithItsDatabase(t *testing.T) {
	if os.Getenv("AWS_ENDPOINT_URL_DYNAMODB") != "" {
		t.Skip("the database is somebody else's")
	}
	data := t.TempDir()
	p := build(t)("STRIDE_DATA=" + data)
	text, err := os.ReadFile(filepath.Join(data, "dynamodb.lock"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	exit, ok := errors.AsType[*exec.ExitError](p.Wait())
	if !ok || exit.ExitCode() != 1 || !strings.Contains(p.err.String(), "stride-local: dynoxide has ended by itself") {
		t.Errorf("exit %v, says %s", exit, p.err)
	}
}

// TestProgramKeepsDataPrivate: nobody but their owner reads keys and table, nor
// what an earlier start has left readable.
func TestProgramKeepsDataPrivate(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "dynamodb.sqlite"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	build(t)("STRIDE_DATA=" + data)
	found := 0
	err := filepath.WalkDir(data, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = fmt.Errorf("%s is %v", path, info.Mode())
		}
		found++
		return err
	})
	if err != nil || found < 8 { // folders, lock, three files of the table, three of the secret

		t.Errorf("%d files and folders: %v", found, err)
	}
}
