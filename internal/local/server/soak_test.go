package server

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/storetest"
)

// TestSoak: runners come, save plans, follow them, read them and leave, for a
// second in every run and for half an hour in `make soak`. Nothing fails,
// nothing acknowledged is lost, and the server does not grow.
func TestSoak(t *testing.T) {
	duration := time.Duration(storetest.Size(1, 30*60)) * time.Second
	url, stop := startIn(t, boot.Config{RateLimitsOff: true, Data: t.TempDir()})
	must := func(status int, method, path, bearer, body string) (map[string]any, bool) {
		response, answer := call(t, method, url+path, bearer, body)
		if response.StatusCode != status {
			t.Errorf("%s %s: %d %v, want %d", method, path, response.StatusCode, answer, status)
		}
		return answer, response.StatusCode == status
	}
	var runners atomic.Int64
	visit := func() {
		credentials := fmt.Sprintf(`{"email":"runner%d@example.org","password":"every mile counts"}`, runners.Add(1))
		account, ok := must(201, "POST", "/api/register", "", credentials)
		if !ok {
			return
		}
		bearer := "Bearer " + account["access_token"].(string)
		saved := map[string]string{}
		for n := range 3 {
			plan, ok := must(201, "POST", "/api/plans", bearer, with("name", fmt.Sprintf(`"plan %d"`, n)))
			if !ok {
				return
			}
			saved[plan["id"].(string)] = plan["name"].(string)
		}
		next, ok := must(200, "POST", "/api/refresh", "", fmt.Sprintf(`{"refresh_token":%q}`, account["refresh_token"]))
		if !ok {
			return
		}
		bearer = "Bearer " + next["access_token"].(string)
		for id, name := range saved {
			if plan, _ := must(200, "GET", "/api/plans/"+id, bearer, ""); plan["name"] != name {
				t.Errorf("plan %s is called %v, want %s", id, plan["name"], name)
			}
		}
		if list, _ := must(200, "GET", "/api/plans", bearer, ""); len(list["items"].([]any)) != len(saved) {
			t.Errorf("%d plans, want %d", len(list["items"].([]any)), len(saved))
		}
		must(204, "DELETE", "/api/runners/me", bearer, `{"password":"every mile counts"}`)
	}
	work := func(until time.Time) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for time.Now().Before(until) && !t.Failed() {
					visit()
				}
			})
		}
		all.Wait()
	}
	work(time.Now().Add(duration / 10)) // what is made once is made now
	before := usage()
	work(time.Now().Add(duration))
	after := usage()
	if after.goroutines > before.goroutines+20 {
		t.Errorf("%d goroutines at first, then %d", before.goroutines, after.goroutines)
	}
	if grown := float64(after.heap) - float64(before.heap); grown > 8<<20 {
		t.Errorf("the heap has grown by %.1f MB", grown/(1<<20))
	}
	t.Logf("%d runners", runners.Load())
	if err := stop(); err != nil {
		t.Error(err)
	}
}

type used struct {
	goroutines int
	heap       uint64
}

func usage() used {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return used{runtime.NumGoroutine(), m.HeapAlloc}
}
