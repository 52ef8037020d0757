import { useState } from 'preact/hooks';
import { readSession, sessionPath } from '../api/recorded';
import type { Versioned } from '../api/training';
import type { Session } from '../api/types';
import { clock, count, distance, paceNumber } from '../format';
import { useCell } from '../state/cell';
import { go } from '../state/place';
import { remove, removed } from '../state/removal';
import { unit } from '../state/unit';
import { Along } from '../ui/along';
import { Failed } from '../ui/failed';
import { Page } from '../ui/page';
import { useResource } from '../ui/resource';
import { CountsButton, DownloadButton, RunDialog, useRunEdit } from '../ui/run-facts';
import { Efforts, Laps, Splits, Zones } from '../ui/run-tables';
import { flagTexts, height, nameOf, size, sportName, standard, whenRun } from '../ui/run-words';
import { Loading } from '../ui/states';
import type { MemberProps } from './more';
import '../style/plan.css';
import '../style/tools.css';
import '../style/runs.css';

/** One recorded run. */
export default function Run({ params, runner }: MemberProps) {
  const id = params['id'] ?? '';
  const session = useResource(id, (signal) => readSession(id, signal));
  const gone = useCell(removed).has(sessionPath(id));

  if (!session.data || gone) {
    return (
      <Page title="Your run">
        {gone || session.fault?.status === 404 ? (
          <div class="state">
            <h2>{gone ? 'This run is deleted' : 'You have no such run'}</h2>
            <p>{gone ? 'Undo brings it back, for as long as the note below is there.' : 'It may be deleted, or belong to another account.'}</p>
            <a class="button primary" href="/runs">
              All runs
            </a>
          </div>
        ) : session.fault ? (
          <Failed fault={session.fault} retry={session.reload} />
        ) : (
          <Loading what="Opening the run" />
        )}
      </Page>
    );
  }
  return <Shown session={session.data} zone={runner.time_zone} set={(data, version) => session.set({ ...data, version })} reload={session.reload} />;
}

interface ShownProps {
  session: Versioned<Session>;
  zone: string | undefined;
  set: (data: Session, version: string) => void;
  reload: () => void;
}

function Shown({ session, zone, set, reload }: ShownProps) {
  const { summary: s, id } = session;
  const { run, dialog } = useRunEdit(session, session.version, set);
  const [open, setOpen] = useState(false);
  const foot = session.sport !== 'cycling';
  const numbers: Array<[name: string, value: string, unit?: string, below?: string]> = [];
  if (s.distance_m > 0) numbers.push(['Distance', distance(s.distance_m, 2)]);
  const moving = s.moving_s || s.timer_s;
  numbers.push(['Time', clock(moving), '', s.elapsed_s - moving > 30 ? `${clock(s.elapsed_s)} with pauses` : '']);
  if (foot && s.pace_s_per_km) numbers.push(['Pace', paceNumber(s.pace_s_per_km), `/${unit.value}`]);
  if (!foot && s.pace_s_per_km) numbers.push(['Speed', (3_600_000 / s.pace_s_per_km / (unit.value === 'km' ? 1000 : 1609.344)).toFixed(1), `${unit.value}/h`]);
  if (foot && s.grade_adjusted_pace_s_per_km) numbers.push(['Pace on the flat', paceNumber(s.grade_adjusted_pace_s_per_km), `/${unit.value}`]);
  if (s.average_heart_rate_bpm) numbers.push(['Heart rate', String(Math.round(s.average_heart_rate_bpm)), 'bpm', s.max_heart_rate_bpm ? `at most ${Math.round(s.max_heart_rate_bpm)}` : '']);
  if (s.ascent_m > 0 || s.descent_m > 0) numbers.push(['Climb', height(s.ascent_m), '', `down ${height(s.descent_m)}`]);
  if (s.average_cadence_per_min) numbers.push(['Cadence', String(Math.round(s.average_cadence_per_min)), '', foot ? 'steps a minute' : 'turns a minute']);
  if (s.average_power_w) numbers.push(['Power', `${Math.round(s.average_power_w)} W`]);

  return (
    <Page
      title={nameOf(session)}
      class="run-page"
      lead={
        <>
          {whenRun(session, zone)}
          {session.name && `. ${sportName(session)}`}
        </>
      }
    >
      {session.note && <p class="note">{session.note}</p>}
      <dl class="numbers">
        {numbers.map(([name, value, of, below]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value} {of && <small>{of}</small>}
              {below && <small class="below">{below}</small>}
            </dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <button type="button" onClick={() => setOpen(true)}>
          Name, note, sport
        </button>
        {session.sport === 'running' && <CountsButton session={session} run={run} />}
        <DownloadButton session={session} />
        <button
          type="button"
          class="danger"
          onClick={() => {
            remove(sessionPath(id), `“${nameOf(session)}”`, session.version, reload);
            go('/runs');
          }}
        >
          Delete
        </button>
      </div>

      <Noticed session={session} />
      <Along id={id} foot={foot} />
      <div class="tables">
        <Splits session={session} foot={foot} />
        <div>
          <Efforts session={session} />
          <Zones session={session} />
          <Laps session={session} foot={foot} />
        </div>
      </div>
      <p class="fine">
        From {session.original.name ? <code>{session.original.name}</code> : 'a file'}, {size(session.original.size)},{' '}
        {count(session.samples, 'sample')}.
      </p>
      {open && <RunDialog session={session} run={run} onClose={() => setOpen(false)} />}
      {dialog}
    </Page>
  );
}

/** What was unusual about the recording, and what came of it. */
function Noticed({ session: { flags, receipt, quality, counts_for_bests, sport } }: { session: Session }) {
  const notes = flags.flatMap((flag) => flagTexts[flag] ?? []);
  if (quality.spikes > 0) notes.push(`At ${count(quality.spikes, 'moment')} the recording is faster than anybody runs. Bests leave them out.`);
  const bests = receipt.bests_changed_m.map((m) => standard.find(([d]) => d === m)?.[1] ?? `${m} m`);
  if (notes.length === 0 && receipt.similar.length === 0 && bests.length === 0) return null;
  return (
    <section class="notes">
      <h2>What we noticed</h2>
      <ul>
        {bests.length > 0 && counts_for_bests && sport === 'running' && (
          <li>
            When it came it was your best over <b>{bests.join(', ')}</b>. <a href="/runs/bests">Your bests now</a>
          </li>
        )}
        {receipt.similar.map((s) => (
          <li key={s.session_id}>
            It looks like <a href={`/runs/${s.session_id}`}>another recording</a> of the same run:{' '}
            {s.evidence === 'device_and_time' ? 'the same watch began both at the same time' : 'start, time and distance agree'}. Delete one of them if you like.
          </li>
        ))}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
