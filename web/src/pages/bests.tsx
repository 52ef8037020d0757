import { useState } from 'preact/hooks';
import { edit, type Change } from '../api/edit';
import { readBests, resultPath, sessionPath } from '../api/recorded';
import { call } from '../api/session';
import type { Claim, Result, Session, StandingBest, StandingBests } from '../api/types';
import { clock } from '../format';
import { useCell } from '../state/cell';
import { useToday } from '../state/day';
import { remove, removed } from '../state/removal';
import { toast } from '../state/toasts';
import { CriticalSpeedFacts } from '../ui/critical-speed';
import { Failed } from '../ui/failed';
import { Page } from '../ui/page';
import { useResource } from '../ui/resource';
import { ResultForm } from '../ui/result-form';
import { useTask } from '../ui/run-facts';
import { RunTabs } from '../ui/run-tabs';
import { raceNames } from '../ui/race-names';
import { dayAndYear, onePace } from '../ui/run-words';
import { Loading } from '../ui/states';
import { TableBox } from '../ui/table-box';
import type { MemberProps } from './more';
import '../style/plan.css';
import '../style/tools.css';
import '../style/runs.css';

/** The best times over standard distances, and the critical speed that follows. */
export default function Bests({ runner }: MemberProps) {
  const today = useToday(runner.time_zone);
  const bests = useResource<StandingBests>('bests', readBests);
  const [adding, setAdding] = useState(false);
  const hidden = useCell(removed);

  const data = bests.data;
  const results = data?.results.filter((r) => !hidden.has(resultPath(r.id))) ?? [];
  const nothing = data && data.items.length === 0 && results.length === 0;
  return (
    <Page title="Personal bests" lead="The fastest stretch anywhere in your runs, or a result that you enter.">
      <RunTabs />
      {!data ? (
        bests.fault ? (
          <Failed fault={bests.fault} retry={bests.reload} />
        ) : (
          <Loading what="Looking up your bests" />
        )
      ) : (
        <div class="metrics">
          {nothing ? (
            <div class="state">
              <h2>No best yet</h2>
              <p>Upload runs, and their fastest stretches stand here. Or enter what you ran without a watch.</p>
              <div class="actions">
                <a class="button primary" href="/runs/upload">
                  Upload runs
                </a>
                <button type="button" onClick={() => setAdding(true)}>
                  Enter a result
                </button>
              </div>
            </div>
          ) : (
            <>
              {data.items.length > 0 && <Table items={data.items} onChange={bests.reload} />}
              <section>
                <h2>Critical speed</h2>
                {data.critical_speed ? <CriticalSpeedFacts cs={data.critical_speed} /> : <p>{data.critical_speed_unavailable_reason}</p>}
              </section>
              <section>
                <div class="section-head">
                  <h2>Results by hand</h2>
                  <button type="button" onClick={() => setAdding(true)}>
                    Enter a result
                  </button>
                </div>
                {results.length === 0 ? <p class="about">Races and times on the track that no watch recorded.</p> : <Results results={results} onChange={bests.reload} />}
              </section>
            </>
          )}
        </div>
      )}
      {adding && (
        <ResultForm
          today={today}
          onAdded={(now) => {
            bests.set(now);
            setAdding(false);
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </Page>
  );
}

function Table({ items, onChange }: { items: readonly StandingBest[]; onChange: () => void }) {
  const { fault, busy, start } = useTask();
  const leaveOut = (best: StandingBest) =>
    start(async () => {
      await count(best, false);
      toast(
        `That run is left out of your bests. The next best stands instead.`,
        () => void start(() => count(best, true)),
      );
    });
  const count = async ({ session_id: id }: StandingBest, counts: boolean) => {
    if (!id) return;
    // One field, and both ends of it are meant: what else changed meanwhile stays.
    const { data, etag } = await call<Session>(sessionPath(id));
    const facts = (s: Session): Change => ({ counts_for_bests: s.counts_for_bests });
    await edit<Session>(sessionPath(id), data, etag, { counts_for_bests: counts }, facts);
    onChange();
  };
  return (
    <section>
      <TableBox label="Personal bests">
        <table class="list bests-table">
          <caption class="visually-hidden">Personal bests</caption>
          <thead>
            <tr>
              <th scope="col">Distance</th>
              <th scope="col">Time</th>
              <th scope="col">Pace</th>
              <th scope="col">When</th>
              <th scope="col">Before</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {items.map((best) => (
              <tr key={best.name}>
                <th scope="row">{raceNames[best.name]}</th>
                <td data-label="Time">
                  <b>{time(best.time_s)}</b>
                </td>
                <td data-label="Pace">{onePace(best.pace_s_per_km)}</td>
                <td data-label="When">
                  <span>
                    <From claim={best} />
                  </span>
                </td>
                <td data-label="Before">{best.previous ? <Before best={best} before={best.previous} /> : <span class="fine">the first</span>}</td>
                <td>
                  {best.session_id && (
                    <button type="button" class="link" aria-disabled={busy || undefined} onClick={() => void leaveOut(best)}>
                      Leave out<span class="visually-hidden"> the run with the best over {raceNames[best.name]}</span>
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      <div role="alert" class="form-alert">
        {fault && <p>{fault.message}</p>}
      </div>
    </section>
  );
}

/** A best is worth its tenths, where it has some and is short. */
const time = (s: number): string => (s < 600 && Math.round(s * 10) % 10 !== 0 ? `${clock(Math.floor(s))}.${Math.floor(s * 10) % 10}` : clock(s));

/** The day, which leads to the run. */
function From({ claim }: { claim: Claim }) {
  return claim.session_id ? (
    <a href={`/runs/${claim.session_id}`}>{dayAndYear(claim.date)}</a>
  ) : (
    <>
      {dayAndYear(claim.date)} <small>by hand</small>
    </>
  );
}

function Before({ best, before }: { best: StandingBest; before: Claim }) {
  return (
    <span>
      {time(before.time_s)} <small>(+{gain(before.time_s - best.time_s)})</small>, <From claim={before} />
    </span>
  );
}

const gain = (s: number): string => (s < 60 ? `${s.toFixed(s < 10 ? 1 : 0)} s` : clock(s));

function Results({ results, onChange }: { results: readonly Result[]; onChange: () => void }) {
  return (
    <ul class="results">
      {results.map((r) => (
        <li key={r.id}>
          <span>
            <b>
              {raceNames[r.distance_name]} in {time(r.time_s)}
            </b>{' '}
            {r.name && `${r.name}, `}
            {dayAndYear(r.date)}
          </span>
          <button
            type="button"
            class="danger"
            onClick={() => remove(resultPath(r.id), `The result over ${raceNames[r.distance_name]}`, undefined, onChange, onChange)}
          >
            Delete<span class="visually-hidden"> {`${raceNames[r.distance_name]} of ${dayAndYear(r.date)}`}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
