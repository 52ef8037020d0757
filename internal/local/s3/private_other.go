//go:build !unix

package s3

// keepPrivate does nothing: there are no such rights here.
func keepPrivate() {}
