import { useEffect, useState } from 'preact/hooks';
import { edit } from '../api/edit';
import { Fault } from '../api/fault';
import { register } from '../api/session';
import type { Runner } from '../api/types';
import { cell, useCell } from '../state/cell';
import { nextOf } from '../state/next';
import { pending } from '../state/pending';
import { go, place } from '../state/place';
import { session, setSession } from '../state/session';
import { unit } from '../state/unit';
import { Field, FormAlert, useForm } from '../ui/field';
import { Page } from '../ui/page';
import { Secret } from '../ui/secret';

/** The address that was typed last, for those who find that they have an account. */
export const typed = cell('');

export default function Register() {
  const { query } = useCell(place);
  const { state } = useCell(session);
  const next = nextOf(query);
  const [email, setEmail] = useState(typed.value);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [known, setKnown] = useState(false);
  const { form, messages, busy, submit, of } = useForm(['email', 'password', 'first_name']);
  useEffect(() => {
    if (state === 'signed_in' && !busy) go(next, true);
  }, [state, busy]);

  const send = async () => {
    setKnown(false);
    const chosen = unit.value; // signing in would suggest that of the new account
    try {
      const runner = await register({ email: email.trim(), password, ...(name.trim() && { first_name: name.trim() }) });
      typed.value = '';
      unit.value = chosen;
      if (runner.unit !== chosen) void keepUnit();
    } catch (error) {
      setKnown(error instanceof Fault && error.slug === 'email_taken');
      throw error;
    }
  };

  return (
    <Page
      title="Make an account"
      class="narrow"
      lead={useCell(pending) ? 'Your plan will be saved right after.' : 'To keep your plans, tick off runs and move them as life asks. It is free.'}
    >
      <form
        ref={form}
        noValidate
        aria-label="Make an account"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(send);
        }}
      >
        <Field name="email" label="E-mail address" hint="To sign in with. There is no newsletter." messages={of('email')}>
          {(w) => (
            <input {...w} type="email" value={email} autocomplete="username" inputMode="email" autocapitalize="none" required
              onInput={(event) => setEmail((typed.value = event.currentTarget.value))} />
          )}
        </Field>
        <Secret name="password" label="Password" value={password} onInput={setPassword} autocomplete="new-password"
          hint="15 characters or more. A few unrelated words are good." messages={of('password')} />
        <Field name="first_name" label={<>First name <small>optional</small></>} messages={of('first_name')}>
          {(w) => <input {...w} value={name} autocomplete="given-name" onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <FormAlert messages={messages} />
        {known && (
          <p>
            <a class="button" href={`/sign-in${query}`}>
              Sign in with this address
            </a>
          </p>
        )}
        <button type="submit" class="primary wide" aria-disabled={busy || undefined}>
          {busy ? 'Making your account…' : 'Make an account'}
        </button>
      </form>
      <p class="below">
        Have one? <a href={`/sign-in${query}`}>Sign in</a>
      </p>
    </Page>
  );
}

/** Gives a new account the unit that its runner uses here. It can be set in the profile if it fails. */
async function keepUnit(): Promise<void> {
  const now = session.value;
  if (now.state !== 'signed_in') return;
  try {
    const saved = await edit<Runner>('/api/runners/me', now.runner, '"1"', { unit: unit.value }, (of) => ({ unit: of.unit }));
    if (saved.kind === 'saved') setSession({ state: 'signed_in', runner: saved.data });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
