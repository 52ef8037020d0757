package objects

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
)

// exportTag is what the bucket knows the objects by that end after a day.
// Keys begin with the runner's id, which no rule could go by.
const exportTag = "ends=after_a_day"

// Keep keeps the JSON that write writes, under a key of its own among the
// runner's, and returns where it can be fetched, for signedFor, under a file
// name. The bucket removes it after a day. The file goes by the disk, so
// memory is no bound to its size. Errors: that of write; fault.Unavailable.
func (b *Bucket) Keep(ctx context.Context, runner, name string, write func(io.Writer) error) (url string, expires time.Time, err error) {
	file, err := os.CreateTemp("", "export-")
	if err != nil {
		return "", time.Time{}, fmt.Errorf("keep export: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	digest := sha256.New()
	buffer := bufio.NewWriterSize(io.MultiWriter(file, digest), 64<<10)
	if err := write(buffer); err != nil {
		return "", time.Time{}, err
	}
	if err := buffer.Flush(); err != nil {
		return "", time.Time{}, fmt.Errorf("keep export: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", time.Time{}, fmt.Errorf("keep export: %w", err)
	}
	key := runner + "/exports/" + id.String() + ".json"
	err = b.call(ctx, "keep export", func(ctx context.Context) error {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := b.api.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &b.name, Key: &key, Body: file, ContentType: new("application/json"), Tagging: new(exportTag),
			ChecksumSHA256: new(base64.StdEncoding.EncodeToString(digest.Sum(nil))),
		})
		return err
	})
	if err != nil {
		return "", time.Time{}, err
	}
	expires = b.now().Add(signedFor).Truncate(time.Second).UTC()
	url, err = b.SignDownload(ctx, key, name)
	return url, expires, err
}
