package main

import (
	"archive/zip"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/stride-run/stride/internal/route"
)

// deployed is the architecture that the functions are deployed for.
const deployed = "arm64"

// sizes measures each bootstrap, as it is and as the archive that is deployed,
// beside one that says hello.
func sizes(context.Context) ([]figure, error) {
	least, leastZip, err := size(hello(deployed))
	if err != nil {
		return nil, err
	}
	var figures []figure
	for _, f := range route.Functions {
		binary, archive, err := size(bootstrap(deployed, f.Name))
		if err != nil {
			return nil, err
		}
		figures = append(figures, figure{
			name:   f.Name + ": zip (bootstrap), " + deployed,
			stride: fmt.Sprintf("%.2f (%.2f) MB", archive, binary), yardstick: fmt.Sprintf("%.2f (%.2f) MB", leastZip, least),
			value: archive, unit: "MB", target: 4.3,
		})
	}
	return figures, nil
}

// size returns the size of a file and of its archive, in MB.
func size(path string) (plain, archived float64, err error) {
	data, err := os.ReadFile(path) //nolint:gosec // what make has built
	if err != nil {
		return 0, 0, err
	}
	var counted counter
	archive := zip.NewWriter(&counted)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	file, err := archive.Create("bootstrap")
	if err != nil {
		return 0, 0, err
	}
	if _, err := file.Write(data); err != nil {
		return 0, 0, err
	}
	if err := archive.Close(); err != nil {
		return 0, 0, err
	}
	return float64(len(data)) / 1e6, float64(counted) / 1e6, nil
}

// A counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
