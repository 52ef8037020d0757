// Package runners wires what the function runners has beyond the other
// functions of accounts: the queue of accounts to sweep, and exports with
// what other parts of Stride keep.
package runners

import (
	"maps"

	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/bests"
	"github.com/stride-run/stride/internal/boot/sweeping"
	"github.com/stride-run/stride/internal/boot/training"
)

// Options are those of package accounts. Lookup is os.LookupEnv outside
// tests. Error: a setting that is missing or wrong.
func Options(lookup func(string) (string, bool), b *backend.Backend) (accounts.Options, error) {
	sweeps, err := sweeping.Queue(lookup, b.Config)
	if err != nil {
		return accounts.Options{}, err
	}
	exports, err := accounts.Exports(lookup, b.Config)
	if err != nil {
		return accounts.Options{}, err
	}
	parts := training.Parts(b)
	maps.Copy(parts, bests.Parts(b))
	return accounts.Options{Sweeps: sweeps, Parts: parts, Exports: exports}, nil
}
