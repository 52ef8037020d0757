import { useState } from 'preact/hooks';
import { asFault, type Fault } from '../api/fault';
import { planPath, readPlans } from '../api/training';
import type { SavedPlanItem, SavedPlans } from '../api/types';
import { count, daysBetween, dayMonth, distance, longDate } from '../format';
import { useCell } from '../state/cell';
import { useToday } from '../state/day';
import { removed } from '../state/removal';
import { Page } from '../ui/page';
import { RenameDialog, usePlanEdit } from '../ui/plan-edit';
import { useResource } from '../ui/resource';
import { Empty, Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import type { MemberProps } from './more';

const PAGE = 20;

/** All plans of the runner, newest first, page by page. */
export default function Plans({ runner }: MemberProps) {
  const today = useToday(runner.time_zone);
  const hidden = useCell(removed);
  // As many as were looked at, so that reading anew does not shorten the list.
  const [wanted, setWanted] = useState(1);
  const list = useResource<SavedPlans>('plans', (signal) => readPages(wanted, signal));
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);

  const more = async () => {
    if (busy || !list.data?.next_cursor) return;
    setBusy(true);
    setFault(undefined);
    try {
      const page = await readPlans(list.data.next_cursor, PAGE);
      list.set({ ...page, items: [...list.data.items, ...page.items] });
      setWanted(wanted + 1);
    } catch (error) {
      setFault(asFault(error));
    } finally {
      setBusy(false);
    }
  };

  if (!list.data) {
    return <Page title="My plans">{list.fault ? <Failed fault={list.fault} retry={list.reload} /> : <Loading what="Looking up your plans" />}</Page>;
  }
  const plans = list.data.items.filter((plan) => !hidden.has(planPath(plan.id)));
  return (
    <Page title="My plans" lead={plans.length > 0 ? 'Today shows the runs of the plans that you follow, five at most.' : undefined}>
      {plans.length === 0 && !list.data.next_cursor ? (
        <Empty title="No plan yet">
          <p>Five answers make one, and a button keeps it here.</p>
          <a class="button primary" href="/">
            Make a plan
          </a>
        </Empty>
      ) : (
        <>
          <ul class="plan-list">
            {plans.map((plan) => (
              <Item key={plan.id} plan={plan} today={today} onChange={list.reload} />
            ))}
          </ul>
          <div class="actions">
            {list.data.next_cursor && (
              <button type="button" aria-disabled={busy || undefined} onClick={() => void more()}>
                Older plans
              </button>
            )}
            <a class="button" href="/">
              Make another plan
            </a>
          </div>
          <div role="alert" class="form-alert">
            {fault && <p>{fault.message}</p>}
          </div>
        </>
      )}
    </Page>
  );
}

async function readPages(pages: number, signal: AbortSignal): Promise<SavedPlans> {
  const all: SavedPlanItem[] = [];
  let cursor: string | undefined;
  for (let i = 0; i < pages; i++) {
    const page = await readPlans(cursor, PAGE, signal);
    all.push(...page.items);
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return { items: all, ...(cursor && { next_cursor: cursor }) };
}

function Item({ plan, today, onChange }: { plan: SavedPlanItem; today: string; onChange: () => void }) {
  const { inputs, summary } = plan;
  const { run, mark, takeAway, fault, busy, dialog } = usePlanEdit(plan, undefined, onChange);
  const [renaming, setRenaming] = useState(false);
  return (
    <li class={`card ${plan.active ? 'followed' : ''}`}>
      <h2>
        <a href={`/plans/${plan.id}`}>{plan.name}</a> {plan.active && <span class="badge">followed</span>}
      </h2>
      <p>
        {inputs.race_date ? (
          <>
            Race on {longDate(inputs.race_date)}
            {inputs.race_date >= today ? `, in ${count(daysBetween(today, inputs.race_date), 'day')}` : ', over'}.
          </>
        ) : (
          <>
            No race date yet. <a href={`/plans/${plan.id}?date`}>Give it one</a>
          </>
        )}
      </p>
      <p class="fine">
        {inputs.target_time}, {count(summary.weeks, 'week')}, {count(inputs.runs_per_week, 'run')} a week, longest {distance(summary.peak_long_run_m)}. Saved{' '}
        {dayMonth(plan.created_at.slice(0, 10))}.
      </p>
      <div class="actions">
        <button type="button" aria-disabled={busy || undefined} onClick={() => void mark(!plan.active)}>
          {plan.active ? 'Stop following' : 'Follow'} <span class="visually-hidden">“{plan.name}”</span>
        </button>
        <button type="button" onClick={() => setRenaming(true)}>
          Rename <span class="visually-hidden">“{plan.name}”</span>
        </button>
        <button type="button" class="danger" onClick={() => {
            takeAway(onChange);
            document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }); // the button is gone
          }}>
          Delete <span class="visually-hidden">“{plan.name}”</span>
        </button>
      </div>
      <div role="alert" class="form-alert">
        {fault && <p>{fault.message}</p>}
      </div>
      {renaming && <RenameDialog name={plan.name} run={run} onClose={() => setRenaming(false)} />}
      {dialog}
    </li>
  );
}
