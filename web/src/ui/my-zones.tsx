import { send } from '../api/http';
import type { HeartRateZones, MeasuredHeartRates, Runner } from '../api/types';
import { useResource } from './resource';
import { Failed } from './failed';
import { Loading } from './states';

/** The heart rates in force: of each kind the latest that was measured. */
export function inForce(all: readonly MeasuredHeartRates[]): Omit<MeasuredHeartRates, 'valid_from'> {
  const now: Omit<MeasuredHeartRates, 'valid_from'> = {};
  for (const { valid_from: _, ...entry } of [...all].sort((a, b) => a.valid_from.localeCompare(b.valid_from))) Object.assign(now, entry);
  return now;
}

const names = ['Very light', 'Easy', 'Moderate', 'Hard', 'Very hard'];
const methods: Record<HeartRateZones['method'], string> = {
  lactate_threshold: 'from your threshold',
  karvonen: 'from your heart rates at rest and at most',
  percent_of_maximum: 'from your maximum',
};

/** The runner's heart-rate zones, from what was measured or from their age. */
export function MyZones({ runner }: { runner: Runner }) {
  const rates = inForce(runner.heart_rates);
  const age = runner.birth_year && new Date().getFullYear() - runner.birth_year;
  const body = {
    ...(age && { age }),
    ...(rates.resting_heart_rate_bpm && { resting_heart_rate: rates.resting_heart_rate_bpm }),
    ...(rates.threshold_heart_rate_bpm && { lactate_threshold_heart_rate: rates.threshold_heart_rate_bpm }),
    ...(rates.max_heart_rate_bpm && { max_heart_rate: rates.max_heart_rate_bpm }),
  };
  const known = age || rates.max_heart_rate_bpm;
  if (!known) {
    return (
      <p>
        Say your <a href="/account">year of birth</a>, or measure your maximum, and your zones are here.
      </p>
    );
  }
  return <Zones body={body} />;
}

function Zones({ body }: { body: Record<string, number> }) {
  const zones = useResource(JSON.stringify(body), async (signal) => (await send<HeartRateZones>('/api/calculate_heart_rate_zones', { body, signal })).data);
  if (!zones.data) return zones.fault ? <Failed fault={zones.fault} retry={zones.reload} /> : <Loading />;
  const { zones: z, method, max_heart_rate, standard_error_bpm } = zones.data;
  const ends = [z.hr_zone_1_max, z.hr_zone_2_max, z.hr_zone_3_max, z.hr_zone_4_max, z.hr_zone_5_max];
  return (
    <>
      <table class="paces">
        <caption class="visually-hidden">Heart-rate zones, in beats per minute</caption>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">Zone</th>
            <th scope="col">Beats per minute</th>
            <th scope="col">How it feels</th>
          </tr>
        </thead>
        <tbody>
          {ends.map((end, i) => (
            <tr key={end}>
              <th scope="row">Zone {i + 1}</th>
              <td>{i === 0 ? `up to ${end}` : `${(ends[i - 1] as number) + 1}–${end}`}</td>
              <td class="feel">{names[i]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="fine">
        Made {methods[method]}; the maximum is {max_heart_rate}
        {standard_error_bpm !== null && `, guessed from your age: of three people, one is further than ${Math.round(standard_error_bpm)} beats away from it`}.
      </p>
    </>
  );
}
