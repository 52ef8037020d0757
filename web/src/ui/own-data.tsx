// Taking one's data along, and leaving.
import { useState } from 'preact/hooks';
import { asFault, type Fault } from '../api/fault';
import { call, left } from '../api/session';
import type { Export } from '../api/types';
import { settle } from '../state/removal';
import { toast } from '../state/toasts';
import { Dialog } from './dialog';
import { FormAlert, useForm } from './field';
import { Secret } from './secret';

/** Fetches everything that is kept of the runner, as a file. */
export function ExportButton() {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const fetchIt = async () => {
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      const { data } = await call<Export>('/api/runners/me/export', { timeout: 60_000 });
      // The bucket says that it is a file to keep, and what it is called.
      const link = document.createElement('a');
      link.href = data.url;
      link.click();
      toast('The file is on its way to your downloads.');
    } catch (error) {
      setFault(asFault(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div class="actions">
        <button type="button" aria-disabled={busy || undefined} onClick={() => void fetchIt()}>
          {busy ? 'Packing…' : 'Download my data'}
        </button>
      </div>
      <div role="alert" class="form-alert">
        {fault && <p>{fault.message}</p>}
      </div>
    </>
  );
}

/** Deletes the account, after a warning and the password. */
export function DeleteAccount({ email }: { email: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <div class="actions">
        <button type="button" class="danger" onClick={() => setOpen(true)}>
          Delete my account
        </button>
      </div>
      {open && (
        <Dialog title="Delete your account?" onClose={() => setOpen(false)}>
          <DeleteForm email={email} onClose={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}

function DeleteForm({ email, onClose }: { email: string; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const { form, messages, busy, submit, of } = useForm(['password']);
  return (
    <form
      ref={form}
      noValidate
      aria-label="Delete the account"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(async () => {
          await settle();
          await call('/api/runners/me', { method: 'DELETE', body: { password }, timeout: 30_000 });
          left();
          toast('Your account and everything in it is deleted.');
        });
      }}
    >
      <div class="warning">
        <p>
          <b>This cannot be undone.</b> The account of {email} goes, and with it all plans, with what you ticked off and noted, all recorded
          runs and bests, your profile and heart rates.
        </p>
        <p>If you may want any of it later, download your data first.</p>
      </div>
      <Secret name="password" id="delete-password" label="Your password" value={password} onInput={setPassword} autocomplete="current-password" messages={of('password')} />
      <FormAlert messages={messages} />
      <div class="actions">
        <button type="submit" class="danger" aria-disabled={busy || undefined}>
          {busy ? 'Deleting…' : 'Delete everything'}
        </button>
        <button type="button" onClick={onClose}>
          Keep my account
        </button>
      </div>
    </form>
  );
}
