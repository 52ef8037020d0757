// What may be done with a saved plan: rename it, follow it or not, date it,
// delete it.
import { useRef, useState } from 'preact/hooks';
import type { Change } from '../api/edit';
import { asFault, wrong, type Fault } from '../api/fault';
import { planPath } from '../api/training';
import type { SavedPlan, SavedPlanItem } from '../api/types';
import { addDays, longDate } from '../format';
import { remove } from '../state/removal';
import { toast } from '../state/toasts';
import { useEdit } from './clash';
import { Dialog } from './dialog';
import { Field, FormAlert, useForm } from './field';
import { MovedRuns } from './moved-runs';

const factsOf = (plan: SavedPlan | SavedPlanItem): Change => ({ name: plan.name, active: plan.active, race_date: plan.inputs.race_date });

type Run = (change: Change) => Promise<boolean>;

interface PlanEdit {
  run: Run;
  mark: (active: boolean) => Promise<void>;
  takeAway: (back: () => void) => void;
  fault: Fault | undefined;
  busy: boolean;
  dialog: preact.ComponentChildren;
}

/** The changes of one plan. `version` is that of `plan`, where it is known. */
export function usePlanEdit(plan: SavedPlan | SavedPlanItem, version: string | undefined, onChange: () => void): PlanEdit {
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const { run, dialog } = useEdit<SavedPlan | SavedPlanItem>({
    facts: factsOf,
    onSaved: onChange,
    describe: (field, of) => {
      if (field === 'name') return ['Name', String(of['name'])];
      if (field === 'active') return ['Followed', of['active'] ? 'yes' : 'no'];
      return ['Race', of['race_date'] ? longDate(String(of['race_date'])) : 'no date'];
    },
  });
  const change: Run = (wanted) => run(planPath(plan.id), plan, version, wanted);
  return {
    run: change,
    mark: async (active) => {
      if (running.current) return;
      running.current = true;
      setBusy(true);
      setFault(undefined);
      try {
        if (await change({ active })) toast(active ? `You follow “${plan.name}”.` : `“${plan.name}” rests. Its runs are kept.`);
      } catch (error) {
        setFault(asFault(error));
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    takeAway: (back) => remove(planPath(plan.id), `“${plan.name}”`, version, back),
    fault,
    busy,
    dialog,
  };
}

/** Asks for another name. */
export function RenameDialog({ name, run, onClose }: { name: string; run: Run; onClose: () => void }) {
  const [text, setText] = useState(name);
  const { form, messages, busy, submit, of } = useForm(['name']);
  return (
    <Dialog title="Rename the plan" onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(async () => {
            if (text === name || (await run({ name: text }))) onClose();
          });
        }}
      >
        <Field name="name" label="Name" messages={of('name')}>
          {(w) => <input {...w} value={text} autocomplete="off" autofocus required onInput={(event) => setText(event.currentTarget.value)} />}
        </Field>
        <FormAlert messages={messages} />
        <div class="actions">
          <button type="submit" class="primary" aria-disabled={busy || undefined}>
            Save
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asks for the day of the race. */
export function RaceDateDialog({ plan, run, onBack, onClose }: { plan: SavedPlan; run: Run; onBack: () => void; onClose: () => void }) {
  const [stuck, setStuck] = useState(false);
  const why = (error: unknown): never => {
    setStuck(asFault(error).slug === 'workouts_moved');
    throw error;
  };
  const had = plan.inputs.race_date;
  const [date, setDate] = useState(had ?? '');
  const { form, messages, busy, submit, of, fail } = useForm(['race_date']);
  const send = (race_date: string | null) =>
    void submit(async () => {
      if (race_date === '') return fail(wrong('race_date', 'Choose the day of the race.'));
      if (race_date === had) return onClose();
      setStuck(false);
      if (await run({ race_date }).catch(why)) {
        toast(race_date ? `The race is on ${longDate(race_date)}, and every run has its day.` : 'The plan has no dates any more.');
        onClose();
      }
    });
  return (
    <Dialog title="When is the race?" onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send(date);
        }}
      >
        <Field name="race_date" label="Day of the race" hint="All runs move with it. What you ticked off and noted stays with its run." messages={of('race_date')}>
          {(w) => (
            <>
              <input {...w} class="medium" type="date" value={date} autofocus required onInput={(event) => setDate(event.currentTarget.value)} />
              {/^\d{4}-\d\d-\d\d$/.test(date) && <p class="hint">Training begins on {longDate(addDays(date, 1 - 7 * plan.inputs.weeks))}.</p>}
            </>
          )}
        </Field>
        <FormAlert messages={messages} />
        {stuck && <MovedRuns plan={plan} onBack={onBack} />}
        <div class="actions">
          <button type="submit" class="primary" aria-disabled={busy || undefined}>
            Save
          </button>
          {had && (
            <button type="button" onClick={() => send(null)}>
              Take the dates away
            </button>
          )}
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
