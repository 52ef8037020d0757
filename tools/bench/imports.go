package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	importFiles   = 1000
	importBatch   = 50      // of one import
	largestImport = 200_000 // bytes; runs of an hour or two
	importPoll    = 50 * time.Millisecond
)

// What one file costs beside the function, in USD, us-east-1, without any free
// tier: two objects put and one read, three calls of the queue, and the units
// that docs/table.md counts for a run that is no best, its fiftieth of an
// import included. Check the prices before you rely on a sum.
const (
	objectsPerFile = 2*0.005/1000 + 0.0004/1000
	queuePerFile   = 3 * 0.40 / 1e6
	tablePerFile   = (8+52/50.0)*0.125/1e6 + (20+106/50.0)*0.625/1e6
	perGBSecond    = 0.0000133334 // Lambda, arm64
	ingestGB       = 0.5
	ingestShare    = 512 / 1769.0 // of a core that this memory buys
)

// imports brings a thousand files to the local server, as a runner does who
// comes with all that a watch has recorded: announced, put into the bucket,
// told of by events, read by ingest. The files are real ones, with a few bytes
// behind their end that tell each from the others.
func imports(ctx context.Context) (_ []figure, err error) {
	dir := os.Getenv("STRIDE_TEST_FIT")
	if dir == "" {
		return nil, nil
	}
	files, err := manyFiles(dir)
	if err != nil {
		return nil, err
	}
	local, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, local.stop()) }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	defer client.CloseIdleConnections()
	answer, err := ask(ctx, client, http.MethodPost, local.url+"/api/register", "", `{"email":"import@example.org","password":"every mile counts"}`)
	if err != nil {
		return nil, err
	}
	var in struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(answer, &in); err != nil {
		return nil, err
	}
	i := importer{client, local.url, in.AccessToken}
	begin, computed := time.Now(), usage()
	batches := make([]batch, importFiles/importBatch)
	errs := make([]error, callers)
	var wait sync.WaitGroup
	for worker := range errs {
		wait.Go(func() {
			for n := worker; n < len(batches) && errs[worker] == nil; n += callers {
				batches[n], errs[worker] = i.bring(ctx, files[n*importBatch:(n+1)*importBatch])
			}
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	imported := 0
	for _, b := range batches {
		done, err := i.finish(ctx, b.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range done.Files {
			if f.Verdict == "imported" {
				imported++
			}
		}
	}
	if imported != importFiles {
		return nil, fmt.Errorf("%d of %d files were imported", imported, importFiles)
	}
	took, cpu := time.Since(begin), usage()-computed
	each := cpu / importFiles
	function := each.Seconds() / ingestShare * ingestGB * perGBSecond
	cost := 1000 * (objectsPerFile + queuePerFile + tablePerFile + function)
	return []figure{
		{name: "import of 1,000 FIT files, client and server on this machine", stride: took.Round(time.Millisecond).String(), value: importFiles / took.Seconds(), unit: "files/s"},
		{name: "… processor time for a file, client and gateway included", stride: milliseconds(each), value: each.Seconds() * 1000, unit: "ms"},
		{name: "… what 1,000 files cost in the cloud, at most", value: cost, unit: "USD"},
	}, nil
}

// manyFiles makes a thousand files of those of a folder that are read.
func manyFiles(dir string) ([][]byte, error) {
	names, err := filepath.Glob(filepath.Join(dir, "files", "*.fit"))
	if err != nil {
		return nil, err
	}
	var kept [][]byte
	for _, name := range names {
		b, err := os.ReadFile(name) //nolint:gosec // a file of the folder that whoever measures has named
		if err != nil {
			return nil, err
		}
		if len(b) >= smallestFile && len(b) <= largestImport && analyse(context.Background(), b) == nil {
			kept = append(kept, b)
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("no FIT files of %d to %d bytes in %s", smallestFile, largestImport, dir)
	}
	files := make([][]byte, importFiles)
	for n := range files {
		b := kept[n%len(kept)]
		files[n] = binary.BigEndian.AppendUint32(bytes.Clone(b), uint32(n))
	}
	return files, nil
}

// An importer is a client of imports.
type importer struct {
	client     *http.Client
	url, token string
}

// A batch is an import as the API answers it.
type batch struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Files  []struct {
		Verdict string            `json:"verdict"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers"`
	} `json:"files"`
}

// bring announces files and puts them where the answer says.
func (i importer) bring(ctx context.Context, files [][]byte) (b batch, err error) {
	type file struct {
		Name   string `json:"name"`
		Size   int    `json:"size"`
		SHA256 string `json:"sha256"`
	}
	announced := make([]file, len(files))
	for n, content := range files {
		sum := sha256.Sum256(content)
		announced[n] = file{fmt.Sprintf("%d.fit", n), len(content), hex.EncodeToString(sum[:])}
	}
	request, err := json.Marshal(map[string]any{"files": announced})
	if err != nil {
		return b, err
	}
	answer, err := ask(ctx, i.client, http.MethodPost, i.url+"/api/imports", i.token, string(request))
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(answer, &b); err != nil {
		return b, err
	}
	for n, f := range b.Files {
		if err := i.put(ctx, f.URL, f.Headers, files[n]); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (i importer) put(ctx context.Context, url string, headers map[string]string, content []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, url, bytes.NewReader(content))
	if err != nil {
		return err
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	response, err := i.client.Do(r)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("PUT: %d %s", response.StatusCode, answer)
	}
	return err
}

// finish waits for the end of an import.
func (i importer) finish(ctx context.Context, id string) (b batch, err error) {
	for {
		answer, err := ask(ctx, i.client, http.MethodGet, i.url+"/api/imports/"+id, i.token, "")
		if err != nil {
			return b, err
		}
		if err := json.Unmarshal(answer, &b); err != nil || b.Status == "done" {
			return b, err
		}
		select {
		case <-ctx.Done():
			return b, ctx.Err()
		case <-time.After(importPoll):
		}
	}
}
