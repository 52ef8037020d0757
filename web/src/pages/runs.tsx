import { useState } from 'preact/hooks';
import { readSessions, sessionPath, type Period } from '../api/recorded';
import { asFault, type Fault } from '../api/fault';
import type { SessionItem, Sessions } from '../api/types';
import { clock, distance, monthName, shortDate } from '../format';
import { useCell } from '../state/cell';
import { go, place } from '../state/place';
import { removed } from '../state/removal';
import { Empty, Failed } from '../ui/failed';
import { Field, messagesOf } from '../ui/field';
import { Page } from '../ui/page';
import { useResource } from '../ui/resource';
import { RunTabs } from '../ui/run-tabs';
import { nameOf, onePace, sportName, timeOf } from '../ui/run-words';
import { Loading } from '../ui/states';
import type { MemberProps } from './more';
import '../style/tools.css';
import '../style/runs.css';

const PAGE = 30;

/** All that was recorded, newest first, page by page. The period is in the address. */
export default function Runs({ runner }: MemberProps) {
  const params = new URLSearchParams(useCell(place).query);
  const period: Period = { from: params.get('from') ?? '', to: params.get('to') ?? '' };
  const limited = period.from !== '' || period.to !== '';
  const hidden = useCell(removed);
  // As many as were looked at, so that reading anew does not shorten the list.
  const [wanted, setWanted] = useState(1);
  const list = useResource<Sessions>(`${period.from} ${period.to}`, (signal) => readPages(period, wanted, signal));
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);

  const more = async () => {
    if (busy || !list.data?.next_cursor) return;
    setBusy(true);
    setFault(undefined);
    try {
      const page = await readSessions(period, list.data.next_cursor, PAGE);
      list.set({ ...page, items: [...list.data.items, ...page.items] });
      setWanted(wanted + 1);
    } catch (error) {
      setFault(asFault(error));
    } finally {
      setBusy(false);
    }
  };

  const wrong = list.fault && list.fault.errors.length > 0 ? list.fault : undefined;
  const items = list.data?.items.filter((s) => !hidden.has(sessionPath(s.id)));
  const nothing = items && items.length === 0 && !list.data?.next_cursor;
  return (
    <Page title="Runs">
      <RunTabs />
      {(limited || !nothing) && <PeriodForm key={`${period.from} ${period.to}`} period={period} fault={wrong} />}
      {!items ? (
        wrong ? null : list.fault ? (
          <Failed fault={list.fault} retry={list.reload} />
        ) : (
          <Loading what="Looking up your runs" />
        )
      ) : nothing ? (
        limited ? (
          <Empty title="Nothing in these days">
            <a class="button" href="/runs">
              Show all runs
            </a>
          </Empty>
        ) : (
          <Empty title="No run yet">
            <p>The files of your watch make this page, your personal bests and your critical speed.</p>
            <a class="button primary" href="/runs/upload">
              Upload runs
            </a>
          </Empty>
        )
      ) : (
        <>
          {byMonth(items).map(([month, sessions]) => (
            <section key={month} class="month-of-runs">
              <h2>{month ? monthName(`${month}-01`) : 'Without a date'}</h2>
              <ul class="runs">
                {sessions.map((session) => (
                  <Item key={session.id} session={session} zone={runner.time_zone} />
                ))}
              </ul>
            </section>
          ))}
          <div class="actions">
            {list.data?.next_cursor && (
              <button type="button" aria-disabled={busy || undefined} onClick={() => void more()}>
                Older runs
              </button>
            )}
          </div>
          <div role="alert" class="form-alert">
            {fault && <p>{fault.message}</p>}
          </div>
        </>
      )}
    </Page>
  );
}

async function readPages(period: Period, pages: number, signal: AbortSignal): Promise<Sessions> {
  const all: SessionItem[] = [];
  let cursor: string | undefined;
  for (let i = 0; i < pages; i++) {
    const page = await readSessions(period, cursor, PAGE, signal);
    all.push(...page.items);
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return { items: all, ...(cursor && { next_cursor: cursor }) };
}

/** Sessions by their months, in the order of the list. What has no date is together. */
export function byMonth(sessions: readonly SessionItem[]): Array<[month: string, sessions: SessionItem[]]> {
  const months = new Map<string, SessionItem[]>();
  for (const session of sessions) {
    const month = session.date?.slice(0, 7) ?? '';
    const others = months.get(month);
    if (others) others.push(session);
    else months.set(month, [session]);
  }
  return [...months];
}

function Item({ session, zone }: { session: SessionItem; zone: string | undefined }) {
  const { summary, date } = session;
  const foot = session.sport !== 'cycling';
  return (
    <li>
      <a href={`/runs/${session.id}`}>
        <span class="when">{date ? shortDate(date) : '–'}</span>
        <span class="what">
          <b>{nameOf(session)}</b>
          <small>
            {date && timeOf(session.started_at, zone)}
            {session.name && ` · ${sportName(session)}`}
            {session.sport === 'running' && !session.counts_for_bests && ' · not for bests'}
          </small>
        </span>
        <span class="far">{summary.distance_m > 0 ? distance(summary.distance_m) : ''}</span>
        <span class="long">{clock(summary.moving_s || summary.timer_s)}</span>
        <span class="fast">{foot && summary.pace_s_per_km ? onePace(summary.pace_s_per_km) : ''}</span>
        <span class="beat">{summary.average_heart_rate_bpm ? `${Math.round(summary.average_heart_rate_bpm)} bpm` : ''}</span>
      </a>
    </li>
  );
}

/** Limits the list to some days. */
function PeriodForm({ period, fault }: { period: Period; fault: Fault | undefined }) {
  const [{ from, to }, set] = useState(period);
  const messages = fault ? messagesOf(fault, []) : {};
  const of = (name: string) => fault?.errors.filter((e) => e.parameter === name).map((e) => e.message);
  const day = (name: 'from' | 'to', label: string) => (
    <Field name={name} label={label} messages={of(name)}>
      {(w) => <input {...w} class="medium" type="date" value={name === 'from' ? from : to} onInput={(event) => set({ from, to, [name]: event.currentTarget.value })} />}
    </Field>
  );
  return (
    <details class="more period" open={period.from !== '' || period.to !== ''}>
      <summary>Some days only</summary>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const query = new URLSearchParams({ ...(from && { from }), ...(to && { to }) });
          go(`/runs${query.size > 0 ? `?${query}` : ''}`);
        }}
      >
        {day('from', 'First day')}
        {day('to', 'Last day')}
        <div class="actions">
          <button type="submit">Show them</button>
          {(period.from || period.to) && (
            <a class="button" href="/runs">
              Show all
            </a>
          )}
        </div>
        {fault && !of('from')?.length && !of('to')?.length && (
          <p class="error" role="alert">
            {messages['']?.join(' ')}
          </p>
        )}
      </form>
    </details>
  );
}
