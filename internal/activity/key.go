package activity

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// UploadSuffix ends the keys of uploads, and no others: events are for them
// alone. Where objects are:
//
//	<runner>/files/<import>-<nn>.upload   an original that came by an import
//	<runner>/files/<id>                   one that came in a request
//	<runner>/streams/<name>-<index>       the samples of a session of an original
//
// Every upload has a key of its own, whatever is in it, so that what is
// deleted late never takes along what was uploaded again.
const UploadSuffix = ".upload"

// An upload is a file of an import by its key.
type upload struct {
	runner, imported string
	n                int
}

func (u upload) key() string {
	return fmt.Sprintf("%s/files/%s-%02d%s", u.runner, u.imported, u.n, UploadSuffix)
}

// parseUpload reads the key of an upload; false for other keys.
func parseUpload(key string) (upload, bool) {
	runner, rest, _ := strings.Cut(key, "/files/")
	name, ok := strings.CutSuffix(rest, UploadSuffix)
	dash := strings.LastIndexByte(name, '-')
	if !ok || dash < 0 {
		return upload{}, false
	}
	n, err := strconv.Atoi(name[dash+1:])
	u := upload{runner, name[:dash], n}
	return u, err == nil && isID(u.runner) && isID(u.imported) && u.key() == key
}

// IsUpload says whether an object is an upload of an import, by its key.
// Events of other objects are not for Ingest.
func IsUpload(key string) bool { _, ok := parseUpload(key); return ok }

// streamKey is the key of the samples of a session, by the key of its file.
func streamKey(original string, index int) string {
	name := strings.TrimSuffix(strings.Replace(original, "/files/", "/streams/", 1), UploadSuffix)
	return fmt.Sprintf("%s-%d", name, index)
}

// digestOf is the SHA-256 of a file, in hex.
func digestOf(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

// idAt makes a UUIDv7 of an instant and of whatever tells it from others of
// the same instant: the same of both is the same id.
func idAt(at time.Time, rest string) string {
	var id uuid.UUID
	sum := sha256.Sum256([]byte(rest))
	copy(id[:], sum[:])
	return stamped(id, at)
}

// stamped sets the time of a UUID and makes it one of version 7.
func stamped(id uuid.UUID, at time.Time) string {
	ms := uint64(min(max(at.UnixMilli(), 0), 1<<48-1))
	binary.BigEndian.PutUint16(id[:2], uint16(ms>>32))
	binary.BigEndian.PutUint32(id[2:6], uint32(ms))
	id[6] = id[6]&0x0F | 0x70
	id[8] = id[8]&0x3F | 0x80
	return id.String()
}

// firstID and lastID bound the ids of an instant.
func firstID(at time.Time) string { return stamped(uuid.UUID{}, at) }
func lastID(at time.Time) string  { return stamped(uuid.Max, at) }

// TimeOf is the instant that an id begins with: the start of a session, the
// day of a result.
func TimeOf(id string) time.Time {
	u, err := uuid.Parse(id)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(u[:8]) >> 16)).UTC()
}
