package metrics

import (
	"net/http"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/zones"
)

// heartRateZones is the answer about zones, heart rates in bpm. It keeps the
// names of the calculator that it replaces.
type heartRateZones struct {
	MaxHeartRate     int          `json:"max_heart_rate"`
	Zones            zoneEnds     `json:"zones"`
	Age              *int         `json:"age"`
	StandardErrorBPM *float64     `json:"standard_error_bpm"` // null: the maximum was given
	Method           zones.Method `json:"method"`
	Warnings         []api.Note   `json:"warnings"`
}

type zoneEnds struct {
	Zone1 int `json:"hr_zone_1_max"`
	Zone2 int `json:"hr_zone_2_max"`
	Zone3 int `json:"hr_zone_3_max"`
	Zone4 int `json:"hr_zone_4_max"`
	Zone5 int `json:"hr_zone_5_max"`
}

// HeartRateZones answers POST /api/calculate_heart_rate_zones.
func HeartRateZones(r *http.Request) (api.Response, error) {
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	known := zones.Known{
		Age:       optionalInt(in, "age"),
		Resting:   optionalInt(in, "resting_heart_rate"),
		Threshold: optionalInt(in, "lactate_threshold_heart_rate"),
		Max:       optionalInt(in, "max_heart_rate"),
	}
	z, err := zones.Calculate(known)
	if err = in.Faults(err); err != nil {
		return api.Response{}, err
	}
	out := heartRateZones{
		MaxHeartRate: z.MaxHeartRate,
		Zones:        zoneEnds{z.Ends[0], z.Ends[1], z.Ends[2], z.Ends[3], z.Ends[4]},
		Age:          known.Age,
		Method:       z.Method,
		Warnings:     api.Notes(z.Warnings),
	}
	if z.Source == zones.HUNT {
		out.StandardErrorBPM = &z.StandardErrorBPM
	}
	return api.Response{Body: out}, nil
}

// optionalInt is nil for an integer that is left out.
func optionalInt(in *api.Object, name string) *int {
	if !in.Has(name) {
		return nil
	}
	return new(in.Int(name))
}
