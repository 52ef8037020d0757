// What may be done with a run of a saved plan: mark it, note something, move
// it, and take it away where it is one's own.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { asFault, Fault } from '../api/fault';
import { readPlan, runPath } from '../api/training';
import type { SavedPlan, SavedWorkout } from '../api/types';
import { dayName, longDate } from '../format';
import { remove } from '../state/removal';
import { toast } from '../state/toasts';
import { useEdit } from './clash';
import { Dialog } from './dialog';
import { Field, FormAlert, useForm } from './field';
import { freeDays, SpotSelect, spotOf, whenOf } from './spot';
import { useResource } from './resource';
import { Failed } from './failed';
import { Loading } from './states';
import { statusNames } from './status';

interface RunEditProps {
  plan: string;
  workout: SavedWorkout;
  /** Called when anything of the run has changed. */
  onChange: () => void;
  /** Called when the run is taken away. */
  onGone?: () => void;
}

const statuses = ['planned', 'done', 'skipped'] as const;

export function RunEdit({ plan, workout, onChange, onGone }: RunEditProps) {
  const [now, setNow] = useState(workout);
  const [from, setFrom] = useState(workout);
  if (from !== workout) {
    setFrom(workout); // read anew
    setNow(workout);
  }
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState<string>();
  // What is open, and the run as it was then: what other devices do meanwhile
  // must not pass as seen.
  const [open, setOpen] = useState<{ what: 'note' | 'move'; base: SavedWorkout }>();
  const noteButton = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !open) noteButton.current?.focus();
    wasOpen.current = open?.what === 'note';
  }, [open]);
  const running = useRef(false);
  const path = runPath(plan, workout.id);
  const label = useId();

  const { run, dialog } = useEdit<SavedWorkout>({
    facts: ({ status, note, date, week, day }) => ({ status, note, date, week, day }),
    onSaved: (data) => {
      setNow(data);
      onChange();
    },
    describe: (field, of) => {
      const w = of as unknown as SavedWorkout;
      if (field === 'status') return ['Status', statusNames[w.status]];
      if (field === 'note') return ['Note', w.note];
      return ['Day', whenOf(w)];
    },
  });

  const mark = async (status: SavedWorkout['status']) => {
    if (running.current || status === now.status) return;
    running.current = true;
    setBusy(status);
    setFault(undefined);
    try {
      await run(path, now, now.etag, { status });
    } catch (error) {
      setFault(asFault(error));
      if (error instanceof Fault && error.status === 404) onChange();
    } finally {
      running.current = false;
      setBusy(undefined);
    }
  };

  const takeAway = () => {
    onGone?.();
    remove(path, `“${now.title}”`, now.etag, onChange, onChange);
    onChange();
  };

  return (
    <div class="run-edit">
      <div class="marks" role="group" aria-labelledby={label}>
        <span id={label} class="visually-hidden">
          {now.title}
        </span>
        {statuses.map((status) => (
          <button
            key={status}
            type="button"
            class={`mark ${status}`}
            aria-pressed={status === now.status}
            aria-disabled={busy === status || undefined}
            onClick={() => void mark(status)}
          >
            {statusNames[status]}
          </button>
        ))}
      </div>
      {now.note && open?.what !== 'note' && <p class="note">{now.note}</p>}
      {open?.what === 'note' ? (
        <NoteForm
          note={open.base.note ?? ''}
          save={(note) => run(path, open.base, open.base.etag, { note })}
          onClose={() => setOpen(undefined)}
        />
      ) : (
        <div class="actions">
          <button type="button" ref={noteButton} onClick={() => setOpen({ what: 'note', base: now })}>
            {now.note ? 'Change the note' : 'Add a note'}
          </button>
          {now.type !== 'race' && (
            <button type="button" onClick={() => setOpen({ what: 'move', base: now })}>
              Move
            </button>
          )}
          {now.rationale.rule === 'own' && (
            <button type="button" class="danger" onClick={takeAway}>
              Delete
            </button>
          )}
        </div>
      )}
      <div role="alert" class="form-alert">
        {fault && <p>{fault.message}</p>}
      </div>
      {open?.what === 'move' && (
        <MoveDialog
          plan={plan}
          workout={open.base}
          save={(change) => run(path, open.base, open.base.etag, change)}
          onClose={() => setOpen(undefined)}
        />
      )}
      {dialog}
    </div>
  );
}

function NoteForm({ note, save, onClose }: { note: string; save: (note: string | null) => Promise<boolean>; onClose: () => void }) {
  const [text, setText] = useState(note);
  const { form, messages, busy, submit, of } = useForm(['note']);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(async () => {
          if (await save(text.trim() === '' ? null : text)) onClose();
        });
      }}
    >
      <Field name="note" label="Note" hint="How it felt, the weather, your shoes." messages={of('note')}>
        {(w) => (
          <textarea {...w} rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} ref={(element) => { if (element && !text) element.focus(); }} />
        )}
      </Field>
      <FormAlert messages={messages} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy || undefined}>
          Save the note
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface MoveProps {
  plan: string;
  workout: SavedWorkout;
  save: (change: Record<string, unknown>) => Promise<boolean>;
  onClose: () => void;
}

/** Asks for another day, of those that are free. */
function MoveDialog({ plan, workout, save, onClose }: MoveProps) {
  const read = useResource<SavedPlan>(plan, (signal) => readPlan(plan, signal));
  return (
    <Dialog title={`Move “${workout.title}”`} onClose={onClose}>
      {read.data ? (
        <MoveForm plan={read.data} workout={workout} save={save} onClose={onClose} reload={read.reload} />
      ) : read.fault ? (
        <Failed fault={read.fault} retry={read.reload} />
      ) : (
        <Loading what="Looking for free days" />
      )}
    </Dialog>
  );
}

function MoveForm({ plan, workout, save, onClose, reload }: Omit<MoveProps, 'plan'> & { plan: SavedPlan; reload: () => void }) {
  const free = freeDays(plan);
  // The next free day; without one, the last.
  const later = free.find((day) => day.week > workout.week || (day.week === workout.week && (workout.date ? (day.date ?? '') > workout.date : true)));
  const [to, setTo] = useState('');
  const { form, messages, busy, submit, of } = useForm(['date', 'week', 'day']);
  const chosen = free.find((day) => day.key === to) ?? later ?? free[free.length - 1];
  if (!chosen) return <p>Every day of this plan has a run.</p>;
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(async () => {
          try {
            if (await save(spotOf(chosen))) {
              toast(`“${workout.title}” is on ${chosen.date ? longDate(chosen.date) : `${dayName(chosen.day)} of week ${chosen.week}`} now.`);
              onClose();
            }
          } catch (error) {
            if (error instanceof Fault && error.slug === 'day_taken') reload(); // the free days are others by now
            throw error;
          }
        });
      }}
    >
      <p>It is on {whenOf(workout)} now. Days with a run are not offered.</p>
      <SpotSelect days={free} value={chosen.key} onChoose={setTo} label="Move it to" messages={of('date') ?? of('week') ?? of('day')} />
      <FormAlert messages={messages} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy || undefined}>
          Move
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
