// What a runner may change in a recorded run.
import { useRef, useState } from 'preact/hooks';
import type { Change } from '../api/edit';
import { asFault, type Fault } from '../api/fault';
import { sessionPath } from '../api/recorded';
import { fetchFile } from '../api/session';
import type { Session } from '../api/types';
import { toast } from '../state/toasts';
import { useEdit } from './clash';
import { Dialog } from './dialog';
import { Field, FormAlert, useForm } from './field';
import { nameOf, sportChoices, worded } from './run-words';

type Run = (change: Change) => Promise<boolean>;

const facts = ({ name, note, sport, counts_for_bests }: Session): Change => ({ name, note, sport, counts_for_bests });

/** Changes of one session. `version` is that of `session`. */
export function useRunEdit(session: Session, version: string | undefined, onChange: (data: Session, etag: string) => void) {
  const { run, dialog } = useEdit<Session>({
    facts,
    onSaved: onChange,
    describe: (field, of) => {
      if (field === 'counts_for_bests') return ['Counts for bests', of[field] ? 'yes' : 'no'];
      if (field === 'sport') return ['Sport', worded(String(of[field]))];
      return [field === 'name' ? 'Name' : 'Note', String(of[field] ?? '')];
    },
  });
  const change: Run = (wanted) => run(sessionPath(session.id), session, version, wanted);
  return { run: change, dialog };
}

/** Asks for the name, the note and the sport. */
export function RunDialog({ session, run, onClose }: { session: Session; run: Run; onClose: () => void }) {
  const [name, setName] = useState(session.name ?? '');
  const [note, setNote] = useState(session.note ?? '');
  const [sport, setSport] = useState(session.sport);
  const { form, messages, busy, submit, of } = useForm(['name', 'note', 'sport']);
  const change: Change = {
    ...(name !== (session.name ?? '') && { name: name.trim() === '' ? null : name }),
    ...(note !== (session.note ?? '') && { note: note.trim() === '' ? null : note }),
    ...(sport !== session.sport && { sport }),
  };
  const known = sportChoices.some(([value]) => value === session.recorded_sport);
  const choices = known ? sportChoices : [...sportChoices, [session.recorded_sport, worded(session.recorded_sport)] as const];
  return (
    <Dialog title="Change this run" onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(async () => {
            if (Object.keys(change).length === 0 || (await run(change))) onClose();
          });
        }}
      >
        <Field name="name" label="Name" hint="Such as the name of the race. Empty goes by the sport." messages={of('name')}>
          {(w) => <input {...w} value={name} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <Field name="note" label="Note" messages={of('note')}>
          {(w) => <textarea {...w} rows={4} value={note} onInput={(event) => setNote(event.currentTarget.value)} />}
        </Field>
        <Field name="sport" label="Sport" hint="Only runs have bests." messages={of('sport')}>
          {(w) => (
            <select {...w} value={sport} onChange={(event) => setSport(event.currentTarget.value)}>
              {(choices.some(([value]) => value === sport) ? choices : [...choices, [sport, worded(sport)] as const]).map(([value, label]) => (
                <option key={value} value={value} selected={value === sport}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <FormAlert messages={messages} />
        <div class="actions">
          <button type="submit" class="primary" aria-disabled={busy || undefined}>
            {busy ? 'Saving…' : 'Save'}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Runs one thing at a time and keeps why it failed. */
export function useTask() {
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const start = async (work: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFault(undefined);
    try {
      await work();
    } catch (error) {
      setFault(asFault(error));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { fault, busy, start };
}

/** Whether a run may be a best: taken out, and brought back. */
export function CountsButton({ session, run }: { session: Session; run: Run }) {
  const { fault, busy, start } = useTask();
  const counts = session.counts_for_bests;
  const set = (to: boolean) =>
    start(async () => {
      if (await run({ counts_for_bests: to })) {
        toast(to ? `“${nameOf(session)}” counts for your bests.` : `“${nameOf(session)}” is left out of your bests. It stays as it is otherwise.`);
      }
    });
  return (
    <>
      <button type="button" aria-disabled={busy || undefined} onClick={() => void set(!counts)}>
        {counts ? 'Leave it out of my bests' : 'Count it for my bests'}
      </button>
      {fault && (
        <span class="error" role="alert">
          {fault.message}
        </span>
      )}
    </>
  );
}

/** Fetches the file as the watch wrote it. */
export function DownloadButton({ session }: { session: Session }) {
  const { fault, busy, start } = useTask();
  const fetchIt = () =>
    start(async () => {
      const url = URL.createObjectURL(await fetchFile(`${sessionPath(session.id)}/original`));
      const link = document.createElement('a');
      link.href = url;
      link.download = session.original.name ?? `${session.id}.fit`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    });
  return (
    <>
      <button type="button" aria-disabled={busy || undefined} onClick={() => void fetchIt()}>
        {busy ? 'Fetching…' : 'Download the file'}
      </button>
      {fault && (
        <span class="error" role="alert">
          {fault.message}
        </span>
      )}
    </>
  );
}
