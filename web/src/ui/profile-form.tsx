import { useState } from 'preact/hooks';
import type { Change } from '../api/edit';
import type { Runner } from '../api/types';
import { chooseUnit } from '../state/unit';
import { toast } from '../state/toasts';
import { Choice, Field, FormAlert, useForm } from './field';

const fields = ['first_name', 'last_name', 'birth_year', 'sex', 'time_zone', 'unit'] as const;

type Draft = Record<(typeof fields)[number], string>;

const draftOf = (runner: Runner): Draft => ({
  first_name: runner.first_name ?? '',
  last_name: runner.last_name ?? '',
  birth_year: runner.birth_year ? String(runner.birth_year) : '',
  sex: runner.sex ?? '',
  time_zone: runner.time_zone ?? '',
  unit: runner.unit,
});

/** What a draft changes; what was emptied is cleared. A year that is no number goes as it is, for the server to say so. */
export function changeOf(draft: Draft, runner: Runner): Change {
  const before = draftOf(runner);
  const change: Change = {};
  for (const name of fields) {
    const value = draft[name].trim();
    if (value === before[name]) continue;
    change[name] = value === '' ? null : name === 'birth_year' && /^\d+$/.test(value) ? Number(value) : value;
  }
  return change;
}

const zones: readonly string[] = 'supportedValuesOf' in Intl ? Intl.supportedValuesOf('timeZone') : [];
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Who the runner is. `save` answers whether the change holds. */
export function ProfileForm({ runner, save }: { runner: Runner; save: (change: Change) => Promise<boolean> }) {
  const [draft, setDraft] = useState(() => draftOf(runner));
  const [from, setFrom] = useState(runner);
  if (from !== runner) {
    setFrom(runner); // saved, here or on another device
    setDraft(draftOf(runner));
  }
  const { form, messages, busy, submit, of } = useForm(fields);
  const set = (name: keyof Draft, value: string) => setDraft((d) => ({ ...d, [name]: value }));
  const text = (name: keyof Draft) => ({ value: draft[name], onInput: (event: { currentTarget: HTMLInputElement }) => set(name, event.currentTarget.value) });

  const send = async () => {
    const change = changeOf(draft, runner);
    if (Object.keys(change).length === 0 || (await save(change))) {
      if (draft.unit === 'km' || draft.unit === 'mi') chooseUnit(draft.unit);
      toast('Your profile is saved.');
    }
  };

  return (
    <form
      ref={form}
      noValidate
      aria-label="Profile"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(send);
      }}
    >
      <div class="pair">
        <Field name="first_name" label="First name" messages={of('first_name')}>
          {(w) => <input {...w} {...text('first_name')} autocomplete="given-name" />}
        </Field>
        <Field name="last_name" label="Last name" messages={of('last_name')}>
          {(w) => <input {...w} {...text('last_name')} autocomplete="family-name" />}
        </Field>
      </div>
      <Field name="birth_year" label="Year of birth" hint="For the heart rates that go with your age." messages={of('birth_year')}>
        {(w) => <input {...w} {...text('birth_year')} class="short" inputMode="numeric" autocomplete="bday-year" />}
      </Field>
      <Field name="sex" label="Sex" group messages={of('sex')}>
        {(w) => (
          <Choice
            wiring={w}
            value={draft.sex}
            options={[
              ['female', 'Female'],
              ['male', 'Male'],
              ['other', 'Other'],
              ['', 'Not said'],
            ]}
            onChoose={(value) => set('sex', value)}
          />
        )}
      </Field>
      <Field
        name="time_zone"
        label="Time zone"
        hint={`Says when your day begins. Left empty, it is that of the device, ${here} here.`}
        messages={of('time_zone')}
      >
        {(w) => (
          <>
            <input {...w} {...text('time_zone')} list="zones" autocomplete="off" spellcheck={false} />
            <datalist id="zones">
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field name="unit" label="Unit" group messages={of('unit')}>
        {(w) => (
          <Choice
            wiring={w}
            value={draft.unit}
            options={[
              ['km', 'Kilometres'],
              ['mi', 'Miles'],
            ]}
            onChoose={(value) => set('unit', value)}
          />
        )}
      </Field>
      <FormAlert messages={messages} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy || undefined}>
          {busy ? 'Saving…' : 'Save the profile'}
        </button>
      </div>
    </form>
  );
}
