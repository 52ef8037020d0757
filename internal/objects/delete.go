package objects

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/stride-run/stride/internal/fault"
)

// reserve is how long before the end of its context DeleteAll stops, so that
// its caller can still say that something is left.
const reserve = 2 * time.Second

// Delete implements activity.Objects. Error: fault.Unavailable.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	var marker, version *string
	for {
		page, err := b.versions(ctx, key, marker, version)
		if err != nil {
			return err
		}
		var own []types.ObjectIdentifier
		others := false
		for _, id := range identifiers(page) {
			if *id.Key == key {
				own = append(own, id)
			} else {
				others = true // keys that begin with this one follow it
			}
		}
		if err := b.remove(ctx, own); err != nil {
			return err
		}
		if others || !aws.ToBool(page.IsTruncated) {
			return nil
		}
		marker, version = page.NextKeyMarker, page.NextVersionIdMarker
	}
}

// DeleteAll implements activity.Objects. Error: fault.Unavailable.
func (b *Bucket) DeleteAll(ctx context.Context, prefix string) (more bool, err error) {
	for {
		// Always from the start: what was there before is gone.
		page, err := b.versions(ctx, prefix, nil, nil)
		if err != nil {
			return true, err
		}
		all := identifiers(page)
		if len(all) == 0 {
			return false, nil
		}
		if err := b.remove(ctx, all); err != nil {
			return true, err
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < reserve {
			return true, nil
		}
	}
}

func (b *Bucket) versions(ctx context.Context, prefix string, marker, version *string) (*s3.ListObjectVersionsOutput, error) {
	var page *s3.ListObjectVersionsOutput
	err := b.call(ctx, "list versions", func(ctx context.Context) (err error) {
		page, err = b.api.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{
			Bucket: &b.name, Prefix: &prefix, KeyMarker: marker, VersionIdMarker: version,
		})
		return err
	})
	return page, err
}

// identifiers are the versions of a page, and the marks that something was
// deleted.
func identifiers(page *s3.ListObjectVersionsOutput) []types.ObjectIdentifier {
	var all []types.ObjectIdentifier
	for _, v := range page.Versions {
		all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
	}
	for _, m := range page.DeleteMarkers {
		all = append(all, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
	}
	return all
}

// remove deletes versions, at most a page of them. Those that are gone are no
// error.
func (b *Bucket) remove(ctx context.Context, all []types.ObjectIdentifier) error {
	if len(all) == 0 {
		return nil
	}
	var failed []types.Error
	err := b.call(ctx, "delete objects", func(ctx context.Context) error {
		out, err := b.api.DeleteObjects(ctx, &s3.DeleteObjectsInput{
			Bucket: &b.name, Delete: &types.Delete{Objects: all, Quiet: new(true)},
		})
		if err == nil {
			failed = out.Errors
		}
		return err
	})
	if err != nil || len(failed) == 0 {
		return err
	}
	cause := fmt.Errorf("delete objects: %d of %d: %s: %s", len(failed), len(all), aws.ToString(failed[0].Code), aws.ToString(failed[0].Message))
	for _, f := range failed {
		switch aws.ToString(f.Code) {
		case "InternalError", "SlowDown", "ServiceUnavailable", "OperationAborted":
		default:
			return cause
		}
	}
	return &fault.Fault{Kind: fault.Unavailable, Detail: "Try again in a moment.", RetryAfter: 2, Cause: cause}
}
