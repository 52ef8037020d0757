import { useState } from 'preact/hooks';
import { call } from '../api/session';
import type { EnteredResult, NewResult, StandingBests } from '../api/types';
import { toast } from '../state/toasts';
import { Dialog } from './dialog';
import { Field, FormAlert, useForm } from './field';
import { raceNames } from './race-names';
import { standard } from './run-words';

interface ResultFormProps {
  today: string;
  onAdded: (now: StandingBests) => void;
  onClose: () => void;
}

/** Asks for a result that was run without a watch. */
export function ResultForm({ today, onAdded, onClose }: ResultFormProps) {
  const [distance, setDistance] = useState('5000');
  const [time, setTime] = useState('');
  const [date, setDate] = useState(today);
  const [name, setName] = useState('');
  const { form, messages, busy, submit, of } = useForm(['distance_m', 'time', 'date', 'name']);
  const send = () =>
    submit(async () => {
      const body: Partial<NewResult> = { distance_m: Number(distance) as NewResult['distance_m'], time: time.trim(), date, ...(name.trim() && { name }) };
      const { data } = await call<EnteredResult>('/api/personal_bests', { body });
      const best = data.personal_bests.items.some((item) => item.result_id === data.result.id);
      toast(best ? `That is your best over ${raceNames[data.result.distance_name]}.` : 'The result is kept. It is no best.');
      onAdded(data.personal_bests);
    });
  return (
    <Dialog title="Enter a result" onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field name="distance_m" label="Distance" messages={of('distance_m')}>
          {(w) => (
            <select {...w} value={distance} onChange={(event) => setDistance(event.currentTarget.value)}>
              {standard.map(([m, label]) => (
                <option key={m} value={String(m)} selected={String(m) === distance}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field name="time" label="Time" hint="Like 19:57, 19:57.3 or 1:31:35" messages={of('time')}>
          {(w) => <input {...w} class="medium" value={time} autocomplete="off" required onInput={(event) => setTime(event.currentTarget.value)} />}
        </Field>
        <Field name="date" label="Day" messages={of('date')}>
          {(w) => <input {...w} class="medium" type="date" max={today} value={date} required onInput={(event) => setDate(event.currentTarget.value)} />}
        </Field>
        <Field name="name" label="What it was" hint="Such as the name of the race. You may leave it empty." messages={of('name')}>
          {(w) => <input {...w} value={name} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <FormAlert messages={messages} />
        <div class="actions">
          <button type="submit" class="primary" aria-disabled={busy || undefined}>
            {busy ? 'Keeping it…' : 'Enter it'}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
