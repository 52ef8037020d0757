package secretsmanager

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// The stages that Secrets Manager itself moves.
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

const arnPrefix = "arn:aws:secretsmanager:local:000000000000:secret:"

// A store is a folder with one folder for each secret. In there lies every
// version's value, as it was given, under <version>.json, and index.json says
// what the versions are for. A value is written first and the index after it,
// so that a crash at any point leaves the state before or the state after.
type store struct {
	folder string
	mu     sync.Mutex
}

// An index is what there is to know of a secret beside its values.
type index struct {
	Name      string             `json:"name"`
	CreatedAt time.Time          `json:"created_at"`
	Versions  map[string]version `json:"versions"`
}

type version struct {
	CreatedAt time.Time `json:"created_at"`
	Stages    []string  `json:"stages"`
}

// with returns the version that has a stage; "" if none has.
func (i index) with(stage string) string {
	for id, v := range i.Versions {
		if slices.Contains(v.Stages, stage) {
			return id
		}
	}
	return ""
}

// give moves a stage to a version, or takes it away where to is "". Whoever
// loses AWSCURRENT gets AWSPREVIOUS, and a version without stages is gone.
func (i index) give(stage, to string) {
	from := i.with(stage)
	if from == to {
		return
	}
	if v, ok := i.Versions[to]; ok {
		v.Stages = append(slices.Clone(v.Stages), stage)
		i.Versions[to] = v
	}
	if v, ok := i.Versions[from]; ok {
		v.Stages = slices.DeleteFunc(slices.Clone(v.Stages), func(s string) bool { return s == stage })
		i.Versions[from] = v
	}
	if stage == current && from != "" {
		i.give(previous, from)
	}
}

// prune removes versions that are for nothing.
func (i index) prune() {
	maps.DeleteFunc(i.Versions, func(_ string, v version) bool { return len(v.Stages) == 0 })
}

func (s *store) get(in request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	secret, err := s.read(in.SecretID)
	if err != nil {
		return nil, err
	}
	id := in.VersionID
	if id == "" {
		stage := in.VersionStage
		if stage == "" {
			stage = current
		}
		id = secret.with(stage)
	}
	v, ok := secret.Versions[id]
	if !ok || in.VersionStage != "" && !slices.Contains(v.Stages, in.VersionStage) {
		return nil, &problem{"ResourceNotFoundException", "no such version of the secret"}
	}
	value, err := os.ReadFile(s.valuePath(secret.Name, id))
	if err != nil {
		return nil, err
	}
	return versionAnswer{arnPrefix + secret.Name, secret.Name, id, string(value), v.Stages, epoch(v.CreatedAt)}, nil
}

func (s *store) describe(in request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	secret, err := s.read(in.SecretID)
	if err != nil {
		return nil, err
	}
	stages := map[string][]string{}
	for id, v := range secret.Versions {
		stages[id] = v.Stages
	}
	return secretAnswer{arnPrefix + secret.Name, secret.Name, epoch(secret.CreatedAt), stages}, nil
}

func (s *store) create(in request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !namePattern().MatchString(in.Name) {
		return nil, &problem{"InvalidParameterException", "a name is 1 to 64 of A-Z a-z 0-9 / _ + = . @ -"}
	}
	if _, err := s.read(in.Name); err == nil {
		return nil, &problem{"ResourceExistsException", "a secret of this name exists"}
	}
	secret := index{Name: in.Name, CreatedAt: time.Now().UTC(), Versions: map[string]version{}}
	if in.SecretString == nil {
		return versionAnswer{ARN: arnPrefix + in.Name, Name: in.Name}, s.write(secret)
	}
	return s.add(secret, in)
}

func (s *store) put(in request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	secret, err := s.read(in.SecretID)
	if err != nil {
		return nil, err
	}
	return s.add(secret, in)
}

// add stores a value as a new version. The same version again with the same
// value changes nothing, so a repeated call is harmless.
func (s *store) add(secret index, in request) (any, error) {
	id := in.ClientRequestToken
	if in.SecretString == nil || !versionPattern().MatchString(id) {
		return nil, &problem{"InvalidParameterException", "SecretString, and a ClientRequestToken of 32 to 64 characters"}
	}
	answer := versionAnswer{ARN: arnPrefix + secret.Name, Name: secret.Name, VersionID: id}
	if there, ok := secret.Versions[id]; ok {
		value, err := os.ReadFile(s.valuePath(secret.Name, id))
		if err == nil && string(value) != *in.SecretString {
			err = &problem{"ResourceExistsException", "this version has another value"}
		}
		answer.VersionStages = there.Stages
		return answer, err
	}
	if err := writeFile(s.valuePath(secret.Name, id), []byte(*in.SecretString)); err != nil {
		return nil, err
	}
	secret.Versions[id] = version{CreatedAt: time.Now().UTC()}
	stages := in.VersionStages
	if len(stages) == 0 {
		stages = []string{current}
	}
	for _, stage := range stages {
		secret.give(stage, id)
	}
	answer.VersionStages = secret.Versions[id].Stages
	return answer, s.write(secret)
}

func (s *store) move(in request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	secret, err := s.read(in.SecretID)
	if err != nil {
		return nil, err
	}
	to := in.MoveToVersionID
	if _, ok := secret.Versions[to]; to != "" && !ok {
		return nil, &problem{"ResourceNotFoundException", "no version MoveToVersionId"}
	}
	if from := secret.with(in.VersionStage); in.VersionStage == "" || from != to && from != in.RemoveFromVersionID {
		return nil, &problem{"InvalidParameterException", "RemoveFromVersionId has to be the version that has VersionStage"}
	}
	secret.give(in.VersionStage, to)
	return versionAnswer{ARN: arnPrefix + secret.Name, Name: secret.Name}, s.write(secret)
}

// read finds a secret by name or ARN.
func (s *store) read(id string) (index, error) {
	name := strings.TrimPrefix(id, arnPrefix)
	text, err := os.ReadFile(s.indexPath(name))
	if errors.Is(err, fs.ErrNotExist) {
		return index{}, &problem{"ResourceNotFoundException", "Secrets Manager can't find the specified secret."}
	}
	if err != nil {
		return index{}, err
	}
	var secret index
	if err := json.Unmarshal(text, &secret); err != nil {
		return index{}, fmt.Errorf("read %s: %w", s.indexPath(name), err)
	}
	return secret, nil
}

// write makes the index the state of a secret, and then removes values that
// no version has any more.
func (s *store) write(secret index) error {
	secret.prune()
	text, err := json.MarshalIndent(secret, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(s.indexPath(secret.Name), text); err != nil {
		return err
	}
	files, err := filepath.Glob(s.valuePath(secret.Name, "*"))
	if err != nil {
		return err
	}
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".json")
		if _, ok := secret.Versions[id]; !ok && file != s.indexPath(secret.Name) {
			err = errors.Join(err, os.Remove(file))
		}
	}
	return err
}

// A name becomes one path element, whatever slashes it has; ids cannot hold
// any, and none is as short as "index".

func (s *store) indexPath(name string) string { return s.valuePath(name, "index") }

func (s *store) valuePath(name, version string) string {
	return filepath.Join(s.folder, "secret-"+url.PathEscape(name), version+".json")
}

func namePattern() *regexp.Regexp    { return regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]{1,64}$`) }
func versionPattern() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9-]{32,64}$`) }

// writeFile replaces a file at once and for good: readers see the old
// content or the new one, even after a crash.
func writeFile(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}
