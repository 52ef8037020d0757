package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/token"
)

const (
	audience = "stride-api"
	// hashCost is that of the passwords here: the least that production takes,
	// since what is measured is all the rest.
	hashCost    = 10
	loginRounds = 31
	// tellRounds is how many sign-ins of each kind have to tell them apart.
	tellRounds = 100

	credentials = `{"email":"runner@stride.example","password":"every mile counts twice"}`
	newPlan     = `{"weeks":18,"runs_per_week":5,"target_time":"4:00:00","first_long_run":14,"long_run_day":"sunday"}`
)

// accounts measures what signing in takes beside the hash, and what reading a
// saved plan takes beside a handler that checks the same token and writes the
// same bytes.
func accounts(ctx context.Context) (_ []figure, err error) {
	local, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, local.stop()) }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	defer client.CloseIdleConnections()

	var account struct {
		Runner      struct{ ID string }
		AccessToken string `json:"access_token"`
	}
	var plan struct{ ID string }
	if err := askInto(ctx, client, local.url+"/api/register", "", credentials, &account); err != nil {
		return nil, err
	}
	if err := askInto(ctx, client, local.url+"/api/plans", account.AccessToken, newPlan, &plan); err != nil {
		return nil, err
	}
	login, err := logins(ctx, client, local.url)
	if err != nil {
		return nil, err
	}
	secrecy, err := enumeration(ctx, client, local.url)
	if err != nil {
		return nil, err
	}
	login = append(login, secrecy)
	reads, err := planReads(ctx, client, local, account.Runner.ID, plan.ID, account.AccessToken)
	return append(login, reads...), err
}

func askInto(ctx context.Context, client *http.Client, url, token, body string, into any) error {
	answer, err := ask(ctx, client, http.MethodPost, url, token, body)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// logins compares the CPU time of sign-ins through the whole server, this
// client included, with that of bare hashes of the same cost.
func logins(ctx context.Context, client *http.Client, url string) ([]figure, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte("password"), hashCost)
	if err != nil {
		return nil, err
	}
	medians, err := eachCPU(
		func() error {
			_, err := ask(ctx, client, http.MethodPost, url+"/api/login", "", credentials)
			return err
		},
		func() error { return bcrypt.CompareHashAndPassword(hash, []byte("password")) },
	)
	if err != nil {
		return nil, err
	}
	return []figure{{
		name:   fmt.Sprintf("POST /api/login: CPU beside bcrypt of cost %d", hashCost),
		stride: milliseconds(medians[0]), yardstick: milliseconds(medians[1]),
		value: (medians[0] - medians[1]).Seconds() * 1000, unit: "ms", target: 4,
	}}, nil
}

// enumeration says how well the time of a refused sign-in tells whether the
// address has an account: the chance that one with an account takes longer than
// one without. At a half it tells nothing.
func enumeration(ctx context.Context, client *http.Client, url string) (figure, error) {
	refused := func(email string) (time.Duration, error) {
		body := fmt.Sprintf(`{"email":%q,"password":"not the password of anybody"}`, email)
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/login", strings.NewReader(body))
		if err != nil {
			return 0, err
		}
		r.Header.Set("Content-Type", "application/json")
		begin := time.Now()
		response, err := client.Do(r)
		if err != nil {
			return 0, err
		}
		_, err = io.Copy(io.Discard, response.Body)
		took := time.Since(begin)
		if response.StatusCode != http.StatusUnauthorized {
			err = fmt.Errorf("a wrong password answers %d", response.StatusCode)
		}
		return took, errors.Join(err, response.Body.Close())
	}
	var known, unknown []time.Duration
	for range tellRounds {
		a, errKnown := refused("runner@stride.example")
		b, errUnknown := refused("nobody@stride.example")
		if err := errors.Join(errKnown, errUnknown); err != nil {
			return figure{}, err
		}
		known, unknown = append(known, a), append(unknown, b)
	}
	return figure{
		name:   "POST /api/login refused: chance that an address with an account takes longer",
		stride: milliseconds(median(known)), yardstick: milliseconds(median(unknown)),
		value: auc(known, unknown), least: 0.4, target: 0.6,
	}, nil
}

// auc returns the chance that one of a is larger than one of b; half of the
// chance that they are the same counts.
func auc(a, b []time.Duration) float64 {
	larger := 0.0
	for _, x := range a {
		for _, y := range b {
			switch {
			case x > y:
				larger++
			case x == y:
				larger += 0.5
			}
		}
	}
	return larger / float64(len(a)*len(b))
}

// eachCPU is sideBySide by the CPU time of this process; the database is
// another one.
func eachCPU(functions ...func() error) ([]time.Duration, error) {
	times := make([][]time.Duration, len(functions))
	for range loginRounds {
		for i, f := range functions {
			begin := cpu()
			if err := f(); err != nil {
				return nil, err
			}
			times[i] = append(times[i], cpu()-begin)
		}
	}
	medians := make([]time.Duration, len(functions))
	for i, t := range times {
		medians[i] = median(t)
	}
	return medians, nil
}

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0 // cannot be: the arguments are right
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// planReads compares reading a plan through the local gateway with a bare
// handler, and shows what the store's own calls take. It counts the CPU time of
// a request, sender included, of which throughput is the inverse once all
// processors are busy: unlike the clock it does not mind who else is busy.
func planReads(ctx context.Context, client *http.Client, local *localServer, runner, plan, access string) ([]figure, error) {
	read := func(url string) func() ([]byte, error) {
		return func() ([]byte, error) { return ask(ctx, client, http.MethodGet, url+"/api/plans/"+plan, access, "") }
	}
	answer, err := read(local.url)()
	if err != nil {
		return nil, err
	}
	bare, err := verifying(ctx, client, local.url, answer)
	if err != nil {
		return nil, err
	}
	defer bare.Close()
	table, err := cloud.Config(local.lookup, local.config.Stage, cloud.DynamoDB)
	if err != nil {
		return nil, err
	}
	plans := dynamo.Plans{Store: dynamo.New(dynamo.Connect(table), local.config.Table)}
	stored := func() ([]byte, error) {
		_, err := plans.Plan(ctx, runner, plan, time.Now())
		return answer, err
	}
	alone := time.Now()
	if _, err := stored(); err != nil {
		return nil, err
	}
	database := time.Since(alone)
	local.warm.warm.Store(true)
	questions := []func() ([]byte, error){read(local.url), read(bare.URL), stored}
	times := make([][]time.Duration, len(questions))
	for range requestRounds {
		for i, question := range questions {
			begin := cpu()
			if _, err := load(question, answer); err != nil {
				return nil, err
			}
			times[i] = append(times[i], (cpu()-begin)/requestBatch)
		}
	}
	stride, yardstick, store := median(times[0]), median(times[1]), median(times[2])
	return []figure{
		{
			name:   "GET /api/plans/{id}, warm store: CPU of bare net/http with RS256 / Stride's",
			stride: milliseconds(stride), yardstick: milliseconds(yardstick), value: float64(yardstick) / float64(stride), unit: "×",
		},
		{
			name:   fmt.Sprintf("… without the store's own %s (%s when the local database is asked)", milliseconds(store), milliseconds(database)),
			stride: milliseconds(stride - store), yardstick: milliseconds(yardstick), value: float64(yardstick) / float64(stride-store), unit: "×", least: 0.5,
		},
	}, nil
}

// verifying serves the same bytes to whoever has a token of the issuer.
func verifying(ctx context.Context, client *http.Client, issuer string, answer []byte) (*httptest.Server, error) {
	document, err := ask(ctx, client, http.MethodGet, issuer+"/.well-known/jwks.json", "", "")
	if err != nil {
		return nil, err
	}
	keys, err := token.ParseJWKS(document)
	if err != nil {
		return nil, err
	}
	verifier := token.Verifier{
		Keys:   func(context.Context) (token.PublicKeys, error) { return keys, nil },
		Issuer: issuer, Audience: audience,
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if _, err := verifier.Verify(r.Context(), text, time.Now()); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	})), nil
}
