// Package site serves the site from the local server's own binary, by the
// rules of the distribution in the cloud: the same policy, the same caching,
// the one page for every address of the site.
package site

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// The build copies web/dist here (make site); without it there is only a
// file that says so, and the tests of Go need no Node.
//
//go:embed all:dist
var embedded embed.FS

// page is what every address of the site that names no file shows.
const page = "index.html"

// file is a file of the site as it is served.
type file struct {
	plain, brotli   []byte
	kind, tag, keep string
}

// Handler serves the site. Pages may load and call their own origin and those
// of connect, where they send recordings to.
func Handler(connect ...string) http.Handler {
	root, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return handler(root, connect)
}

func handler(root fs.FS, connect []string) http.Handler {
	files, err := read(root)
	if err != nil {
		panic(err) // from memory, nothing can fail
	}
	policy := "default-src 'self'; connect-src " + strings.Join(append([]string{"'self'"}, connect...), " ") +
		"; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "Use GET here.", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		if !strings.Contains(path.Base(name), ".") || name == "" {
			name = page
		}
		f, ok := files[name]
		switch {
		case ok:
			f.serve(w, r)
		case name == page:
			http.Error(w, "The site is not part of this binary. Run make local, which builds it.", http.StatusNotFound)
		default:
			http.Error(w, "There is no such file.", http.StatusNotFound)
		}
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.keep)
	h.Set("Vary", "Accept-Encoding")
	content, tag := f.plain, f.tag
	if f.brotli != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "br") {
		content, tag = f.brotli, f.tag+"-br"
		h.Set("Content-Encoding", "br")
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// read returns the files below root by their paths. Beside a file there may
// be the same with .br after its name, compressed by brotli.
func read(root fs.FS) (map[string]file, error) {
	files := map[string]file{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") || strings.HasSuffix(name, ".br") {
			return err
		}
		f := file{kind: mime.TypeByExtension(path.Ext(name)), keep: "no-cache"}
		if strings.HasPrefix(name, "assets/") { // a hash is in the name
			f.keep = "public, max-age=31536000, immutable"
		}
		if f.plain, err = fs.ReadFile(root, name); err != nil {
			return err
		}
		if f.brotli, err = fs.ReadFile(root, name+".br"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		sum := sha256.Sum256(f.plain)
		f.tag = hex.EncodeToString(sum[:8])
		files[name] = f
		return nil
	})
	return files, err
}
