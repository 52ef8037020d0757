// Measured heart rates, each from a day on.
import { useState } from 'preact/hooks';
import type { Change } from '../api/edit';
import { Fault } from '../api/fault';
import type { MeasuredHeartRates, Runner } from '../api/types';
import { longDate } from '../format';
import { todayIn } from '../state/day';
import { toast } from '../state/toasts';
import { Dialog } from './dialog';
import { Field, FormAlert, useForm } from './field';

const rates = [
  ['resting_heart_rate_bpm', 'At rest', 'In the morning, before you get up.'],
  ['threshold_heart_rate_bpm', 'At the threshold', 'About the mean of the last 20 of 30 minutes all-out.'],
  ['max_heart_rate_bpm', 'Maximum', 'The highest you have ever measured.'],
] as const;

type Save = (change: Change) => Promise<boolean>;

/** The list of measurements, newest first. The last of each kind is in force. */
export function HeartRatesList({ runner, save }: { runner: Runner; save: Save }) {
  const all = runner.heart_rates;
  const [open, setOpen] = useState<MeasuredHeartRates | 'new'>();
  return (
    <>
      {all.length === 0 ? (
        <p>Nothing measured yet. What you measure makes your zones your own; without it they go by your age.</p>
      ) : (
        <div class="table-box">
          <table class="rates">
            <caption class="visually-hidden">Measured heart rates, in beats per minute</caption>
            <thead>
              <tr>
                <th scope="col">From</th>
                {rates.map(([name, label]) => (
                  <th key={name} scope="col">
                    {label}
                  </th>
                ))}
                <th>
                  <span class="visually-hidden">Change</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {[...all].reverse().map((entry) => (
                <tr key={entry.valid_from}>
                  <th scope="row">{longDate(entry.valid_from)}</th>
                  {rates.map(([name, label]) => (
                    <td key={name} data-label={label}>
                      {entry[name] ? (
                        <>
                          {entry[name]} <small>bpm</small>
                        </>
                      ) : (
                        <span class="fine">not measured</span>
                      )}
                    </td>
                  ))}
                  <td>
                    <button type="button" onClick={() => setOpen(entry)}>
                      Change <span class="visually-hidden">{longDate(entry.valid_from)}</span>
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div class="actions">
        <button type="button" class={all.length === 0 ? 'primary' : ''} onClick={() => setOpen('new')}>
          Add a measurement
        </button>
      </div>
      {open && (
        <Dialog title={open === 'new' ? 'A measurement' : `Measured on ${longDate(open.valid_from)}`} onClose={() => setOpen(undefined)}>
          <EntryForm runner={runner} entry={open === 'new' ? undefined : open} save={save} onClose={() => setOpen(undefined)} />
        </Dialog>
      )}
    </>
  );
}

type Draft = Record<keyof MeasuredHeartRates, string>;

/** The list with one entry put in, in place of another, or taken out. */
export function withEntry(all: readonly MeasuredHeartRates[], old: MeasuredHeartRates | undefined, entry: Change | undefined): Change[] {
  const others: Change[] = all.filter((e) => e.valid_from !== old?.valid_from).map((e) => ({ ...e }));
  const list = entry ? [...others, entry] : others;
  return list.sort((a, b) => String(a['valid_from']).localeCompare(String(b['valid_from'])));
}

interface EntryProps {
  runner: Runner;
  entry: MeasuredHeartRates | undefined;
  save: Save;
  onClose: () => void;
}

function EntryForm({ runner, entry, save, onClose }: EntryProps) {
  const [draft, setDraft] = useState<Draft>({
    valid_from: entry?.valid_from ?? todayIn(runner.time_zone),
    resting_heart_rate_bpm: String(entry?.resting_heart_rate_bpm ?? ''),
    threshold_heart_rate_bpm: String(entry?.threshold_heart_rate_bpm ?? ''),
    max_heart_rate_bpm: String(entry?.max_heart_rate_bpm ?? ''),
  });
  const { form, messages, busy, submit, of } = useForm(['valid_from', ...rates.map(([name]) => name)]);
  const text = (name: keyof Draft) => ({
    value: draft[name],
    onInput: (event: { currentTarget: HTMLInputElement }) => setDraft({ ...draft, [name]: event.currentTarget.value }),
  });
  const send = (next: Change | undefined, said: string) =>
    void submit(async () => {
      const heart_rates = withEntry(runner.heart_rates, entry, next);
      try {
        if (await save({ heart_rates })) {
          toast(said);
          onClose();
        }
      } catch (error) {
        throw next ? about(error, heart_rates.indexOf(next)) : error;
      }
    });
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const next: Change = { valid_from: draft.valid_from };
        for (const [name] of rates) {
          const value = draft[name].trim();
          if (value !== '') next[name] = /^\d+$/.test(value) ? Number(value) : value;
        }
        send(next, 'The measurement is saved.');
      }}
    >
      <Field name="valid_from" label="Measured on" messages={of('valid_from')}>
        {(w) => <input {...w} {...text('valid_from')} type="date" class="medium" required />}
      </Field>
      {rates.map(([name, label, hint]) => (
        <Field key={name} name={name} label={<>{label} <small>beats per minute</small></>} hint={hint} messages={of(name)}>
          {(w) => <input {...w} {...text(name)} class="short" inputMode="numeric" autocomplete="off" />}
        </Field>
      ))}
      <FormAlert messages={messages} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy || undefined}>
          Save
        </button>
        {entry && (
          <button type="button" class="danger" onClick={() => send(undefined, 'The measurement is gone.')}>
            Delete
          </button>
        )}
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** A fault of the whole list, told by the fields of the one entry that was changed. */
export function about(error: unknown, index: number): unknown {
  if (!(error instanceof Fault) || !error.problem) return error;
  const at = `/heart_rates/${index}`;
  const errors = error.errors.map((e) => (e.pointer === at || e.pointer?.startsWith(`${at}/`) ? { ...e, pointer: e.pointer.slice(at.length) } : e));
  return new Fault(error.kind, error.status, { ...error.problem, errors }, error.retryAfter);
}
