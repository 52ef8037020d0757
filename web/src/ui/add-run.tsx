import { useState } from 'preact/hooks';
import { Fault, wrong } from '../api/fault';
import { newKey } from '../api/http';
import { call } from '../api/session';
import { planPath, readPlan } from '../api/training';
import type { NewWorkout, SavedPlan, SavedWorkout } from '../api/types';
import { toast } from '../state/toasts';
import { metres, unit } from '../state/unit';
import { Dialog } from './dialog';
import { Field, FormAlert, useForm } from './field';
import { useResource } from './resource';
import { freeDays, spotOf, SpotSelect, whenOf } from './spot';
import { Failed } from './failed';
import { Loading } from './states';
import { kinds } from './workout';

interface AddRunProps {
  /** The plans that a run can be added to; the first is the one to begin with. */
  plans: ReadonlyArray<{ id: string; name: string }>;
  /** The day to begin with. */
  date?: string | undefined;
  onAdded: (workout: SavedWorkout) => void;
  onClose: () => void;
}

/** Asks for a run of one's own. */
export function AddRun({ plans, date, onAdded, onClose }: AddRunProps) {
  const [id, setId] = useState(plans[0]?.id ?? '');
  const plan = useResource<SavedPlan>(id, (signal) => readPlan(id, signal));
  return (
    <Dialog title="Add a run" onClose={onClose}>
      {plans.length > 1 && (
        <Field name="plan" label="To the plan">
          {(w) => (
            <select {...w} value={id} onChange={(event) => setId(event.currentTarget.value)}>
              {plans.map((p) => (
                <option key={p.id} value={p.id}>
                  {p.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {plan.data ? (
        <AddForm key={id} plan={plan.data} date={date} reload={plan.reload} onAdded={onAdded} onClose={onClose} />
      ) : plan.fault ? (
        <Failed fault={plan.fault} retry={plan.reload} />
      ) : (
        <Loading what="Looking for free days" />
      )}
    </Dialog>
  );
}

type OwnType = NewWorkout['type'];
const types = (Object.keys(kinds) as (keyof typeof kinds)[]).filter((type): type is OwnType => type !== 'race');

interface AddFormProps {
  plan: SavedPlan;
  date: string | undefined;
  reload: () => void;
  onAdded: (workout: SavedWorkout) => void;
  onClose: () => void;
}

function AddForm({ plan, date, reload, onAdded, onClose }: AddFormProps) {
  const free = freeDays(plan);
  const [type, setType] = useState<OwnType>('easy');
  const [far, setFar] = useState('');
  const [title, setTitle] = useState('');
  const [spot, setSpot] = useState('');
  // The same request again is the same run; another one has another key.
  const [sent, setSent] = useState<{ body: string; key: string }>();
  const { form, messages, busy, submit, of, fail } = useForm(['type', 'distance_m', 'title', 'date', 'week', 'day']);
  const day = free.find((d) => d.key === spot) ?? free.find((d) => d.date && date && d.date >= date) ?? free[0];
  if (!day) return <p>Every day of this plan has a run already. Move one first.</p>;

  const send = async () => {
    const number = Number(far.trim().replace(',', '.'));
    if (far.trim() === '' || !Number.isFinite(number)) {
      return fail(wrong('distance_m', `Write the distance as a number of ${unit.value}, like 8 or 6.5.`));
    }
    const body: NewWorkout = { type, distance_m: Math.round(number * metres[unit.value]), ...spotOf(day), ...(title.trim() && { title: title.trim() }) };
    const text = JSON.stringify(body);
    const key = sent?.body === text ? sent.key : newKey();
    setSent({ body: text, key });
    try {
      const { data } = await call<SavedWorkout>(`${planPath(plan.id)}/workouts`, { body, idempotencyKey: key });
      toast(`“${data.title}” is on ${whenOf(data)}.`);
      onAdded(data);
      onClose();
    } catch (error) {
      if (error instanceof Fault && error.slug === 'day_taken') reload();
      throw error;
    }
  };

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(send);
      }}
    >
      <SpotSelect days={free} value={day.key} onChoose={setSpot} label="Day" messages={of('date') ?? of('week') ?? of('day')} />
      <Field name="type" label="Kind" messages={of('type')}>
        {(w) => (
          <select {...w} value={type} onChange={(event) => setType(event.currentTarget.value as OwnType)}>
            {types.map((t) => (
              <option key={t} value={t}>
                {kinds[t].name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name="distance_m" label={`How far, in ${unit.value}?`} messages={of('distance_m')?.map(spoken)}>
        {(w) => <input {...w} class="short" inputMode="decimal" autocomplete="off" value={far} required onInput={(event) => setFar(event.currentTarget.value)} />}
      </Field>
      <Field name="title" label={<>Name <small>optional</small></>} messages={of('title')}>
        {(w) => <input {...w} autocomplete="off" value={title} onInput={(event) => setTitle(event.currentTarget.value)} />}
      </Field>
      <FormAlert messages={messages} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy || undefined}>
          Add the run
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** What the server says in metres, in the unit of the page. */
const spoken = (message: string): string =>
  message.replace(/([\d,]+) to ([\d,]+) metres|([\d,]+) to ([\d,]+) m\b/g, (_, a, b, c, d) => {
    const [from, to] = [a ?? c, b ?? d].map((n: string) => Number(n.replaceAll(',', '')) / metres[unit.value]);
    return `${from?.toFixed(1)} to ${to?.toFixed(0)} ${unit.value}`;
  });
