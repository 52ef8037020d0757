import { useEffect, useRef, useState } from 'preact/hooks';
import { asFault, type Fault } from '../api/fault';
import { newKey } from '../api/http';
import { call, resume } from '../api/session';
import type { SavedPlan } from '../api/types';
import { inUnitOf, toQuery, toRequest, type Answers } from '../state/answers';
import { useCell } from '../state/cell';
import { toSignIn } from '../state/next';
import { pending } from '../state/pending';
import { go } from '../state/place';
import { session } from '../state/session';
import { toast } from '../state/toasts';
import { unit } from '../state/unit';
import '../style/save.css';

export interface SavePlanProps {
  /** What the plan was made from; `toRequest` makes the body of POST /api/plans of it. */
  answers: Answers;
}

/**
 * The place on a new plan's page where it can be saved. Who has no account yet
 * makes one first; the plan is saved when they come back.
 */
export function SavePlan({ answers }: SavePlanProps) {
  const { state } = useCell(session);
  const wanted = useCell(pending);
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const query = toQuery(answers);

  const save = async () => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFault(undefined);
    const key = (pending.value?.query === query ? pending.value : (pending.value = { query, key: newKey() })).key;
    try {
      const { data } = await call<SavedPlan>('/api/plans', { body: toRequest(inUnitOf(answers, unit.value)), idempotencyKey: key });
      pending.value = undefined;
      toast('Your plan is saved.');
      go(`/plans/${data.id}`, true);
    } catch (error) {
      const found = asFault(error);
      // What was not heard may have been done: the same key asks again. What was refused has not.
      if (found.kind === 'problem' && found.status < 500 && found.status !== 401 && found.status !== 429) pending.value = undefined;
      setFault(found);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  const press = async () => {
    if (session.value.state === 'unknown') await resume();
    if (session.value.state !== 'anonymous') return save();
    pending.value = { query, key: newKey() };
    go(toSignIn('/register'));
  };

  // Back from signing in.
  const due = state === 'signed_in' && wanted?.query === query;
  useEffect(() => {
    if (due) void save();
  }, [due]);

  return (
    <section class="save screen-only" aria-label="Keep this plan">
      <p>
        {state === 'anonymous' ? (
          <>
            <b>Keep this plan.</b> With a free account you tick off runs, move them, and see each morning what is due.
          </>
        ) : (
          <>
            <b>Keep this plan.</b> Then you can tick off runs, move them, and see each morning what is due.
          </>
        )}
      </p>
      <button type="button" class="primary" aria-disabled={busy || undefined} onClick={() => void press()}>
        {busy ? 'Saving…' : 'Save this plan'}
      </button>
      <div role="alert" class="form-alert">
        {fault && (
          <p>
            {fault.message}{' '}
            {fault.status === 409 && <a href="/plans">See your plans</a>}
          </p>
        )}
      </div>
    </section>
  );
}
