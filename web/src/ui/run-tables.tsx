// A run by its parts: kilometres or miles, laps, efforts, zones.
import type { Session, SessionEffort, Split } from '../api/types';
import { clock, distance, inUnit, percent } from '../format';
import { metres, unit } from '../state/unit';
import { raceNames } from './race-names';
import { height, onePace } from './run-words';
import { TableBox } from './table-box';

const paceOver = (m: number, s: number): string => (m > 0 && s > 0 ? onePace((s / m) * 1000) : '–');
const bpm = (beats: number | undefined): string => (beats === undefined ? '–' : `${Math.round(beats)}`);

/** The run by kilometres, or by miles for those who think in miles. */
export function Splits({ session, foot }: { session: Session; foot: boolean }) {
  const splits = unit.value === 'km' ? session.kilometres : session.miles;
  if (splits.length === 0) return null;
  const beats = splits.some((s) => s.average_heart_rate_bpm !== undefined);
  const climbs = session.streams.includes('altitude_m');
  const speed = (s: Split) => s.distance_m / Math.max(1, s.moving_s);
  // What is left over at the end says little, so it does not set the scale.
  const whole = splits.filter((s) => s.distance_m > metres[unit.value] * 0.5);
  const fastest = Math.max(...(whole.length ? whole : splits).map(speed));
  return (
    <section>
      <TableBox label="Splits">
        <table class="list splits">
          <caption>{unit.value === 'km' ? 'Kilometre by kilometre' : 'Mile by mile'}</caption>
          <thead>
            <tr>
              <th scope="col">{unit.value}</th>
              <th scope="col">{foot ? 'Pace' : 'Time'}</th>
              <td class="share-cell" />
              {beats && (
                <th scope="col">
                  <abbr title="Mean heart rate in beats per minute">bpm</abbr>
                </th>
              )}
              {climbs && <th scope="col">Climb</th>}
            </tr>
          </thead>
          <tbody>
            {splits.map((split, i) => (
              <tr key={i}>
                <th scope="row">{split.distance_m > metres[unit.value] * 0.995 ? i + 1 : inUnit(split.distance_m, 2)}</th>
                <td>{foot ? paceOver(split.distance_m, split.moving_s) : clock(split.moving_s)}</td>
                <td class="share-cell">
                  <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="track" width="100" height="6" />
                    <rect width={Math.min(1, speed(split) / fastest) * 100} height="6" />
                  </svg>
                </td>
                {beats && <td>{bpm(split.average_heart_rate_bpm)}</td>}
                {climbs && <td>{height(split.ascent_m)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </section>
  );
}

/** The laps of the watch, where there is more than one. */
export function Laps({ session, foot }: { session: Session; foot: boolean }) {
  const { laps } = session;
  if (laps.length < 2) return null;
  // What the watch counted by itself says the same as kilometres or miles do.
  const automatic = laps.slice(0, -1).every(({ distance_m: m = 0 }) => Object.values(metres).some((per) => Math.abs(m / per - 1) < 0.01));
  const beats = laps.some((l) => l.average_heart_rate_bpm !== undefined);
  const table = (
    <TableBox label="Laps">
      <table class="list">
        <caption class={automatic ? 'visually-hidden' : undefined}>Laps</caption>
        <thead>
          <tr>
            <th scope="col">Lap</th>
            <th scope="col">Distance</th>
            <th scope="col">Time</th>
            {foot && <th scope="col">Pace</th>}
            {beats && <th scope="col">bpm</th>}
          </tr>
        </thead>
        <tbody>
          {laps.map((lap, i) => {
            const time = lap.timer_s ?? lap.elapsed_s;
            return (
              <tr key={i}>
                <th scope="row">{i + 1}</th>
                <td>{lap.distance_m === undefined ? '–' : distance(lap.distance_m, 2)}</td>
                <td>{time === undefined ? '–' : clock(time)}</td>
                {foot && <td>{paceOver(lap.distance_m ?? 0, time ?? 0)}</td>}
                {beats && <td>{bpm(lap.average_heart_rate_bpm)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
  return (
    <section>
      {automatic ? (
        <details class="more">
          <summary>Laps of the watch</summary>
          {table}
        </details>
      ) : (
        table
      )}
    </section>
  );
}

/** The fastest stretches of a run over standard distances. */
export function Efforts({ session }: { session: Session }) {
  const { efforts, counts_for_bests } = session;
  if (efforts.length === 0) return null;
  return (
    <section>
      <TableBox label="Fastest stretches">
        <table class="list">
          <caption>Fastest stretches</caption>
          <thead>
            <tr>
              <th scope="col">Over</th>
              <th scope="col">Time</th>
              <th scope="col">Pace</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {efforts.map((effort) => (
              <tr key={effort.name}>
                <th scope="row">{raceNames[effort.name]}</th>
                <td>
                  <b>{clock(effort.time_s)}</b>
                  {counts_for_bests && doubt(effort) && <small class="below">{doubt(effort)}</small>}
                </td>
                <td>{onePace((effort.time_s / effort.distance_m) * 1000)}</td>
                <td>{distance(effort.start_distance_m, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      <p class="fine">
        {counts_for_bests ? 'Pauses count. ' : 'They do not count for your bests. '}
        <a href="/runs/bests">Your personal bests</a>
      </p>
    </section>
  );
}

/** What is doubtful about an effort, in words. */
function doubt({ time_s, counting_time_s }: SessionEffort): string | undefined {
  if (counting_time_s === undefined) return 'no best: faster than anybody runs';
  return Math.round(counting_time_s) > Math.round(time_s) ? `counts as ${clock(counting_time_s)}, without jumps of GPS` : undefined;
}

const zoneNames = ['Below', 'Very light', 'Easy', 'Moderate', 'Hard', 'Very hard'];

/** How long heart rate was in which zone. */
export function Zones({ session }: { session: Session }) {
  const zones = session.heart_rate_zones;
  if (!zones) {
    return session.summary.average_heart_rate_bpm === undefined ? null : (
      <section>
        <h2>Time in heart-rate zones</h2>
        <p>
          Stride does not know your zones yet. Your year of birth is enough, and measured heart rates are better: <a href="/account/heart">tell it yours</a>.
        </p>
      </section>
    );
  }
  const total = Math.max(1, zones.zones.reduce((sum, z) => sum + z.time_s, 0));
  return (
    <section>
      <TableBox label="Time in heart-rate zones">
        <table class="list zone-times">
          <caption>Time in heart-rate zones</caption>
          <thead>
            <tr>
              <th scope="col">Zone</th>
              <th scope="col">bpm</th>
              <th scope="col">Time</th>
              <td class="share-cell" />
            </tr>
          </thead>
          <tbody>
            {zones.zones.map((zone, i) => {
              const from = zones.zones[i - 1]?.to_bpm;
              return (
                <tr key={zone.zone} class={`zone-${zone.zone}`}>
                  <th scope="row">
                    {zone.zone > 0 && zone.zone} {zoneNames[zone.zone]}
                  </th>
                  <td>{from === undefined ? `up to ${zone.to_bpm}` : i === zones.zones.length - 1 ? `from ${from + 1}` : `${from + 1}–${zone.to_bpm}`}</td>
                  <td>
                    {clock(zone.time_s)} <small>{percent(zone.time_s / total)}</small>
                  </td>
                  <td class="share-cell">
                    <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                      <rect class="track" width="100" height="6" />
                      <rect width={(zone.time_s / total) * 100} height="6" />
                    </svg>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableBox>
    </section>
  );
}
