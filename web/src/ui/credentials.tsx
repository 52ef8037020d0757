// Changing what one signs in with.
import { useState } from 'preact/hooks';
import type { Change } from '../api/edit';
import { call } from '../api/session';
import type { Runner } from '../api/types';
import { toast } from '../state/toasts';
import { Field, FormAlert, useForm } from './field';
import { Secret } from './secret';

export function EmailForm({ runner, save }: { runner: Runner; save: (change: Change) => Promise<boolean> }) {
  const [email, setEmail] = useState(runner.email);
  const [from, setFrom] = useState(runner.email);
  if (from !== runner.email) {
    setFrom(runner.email);
    setEmail(runner.email);
  }
  const [password, setPassword] = useState('');
  const { form, messages, busy, submit, of } = useForm(['email', 'password']);
  return (
    <form
      ref={form}
      noValidate
      aria-label="E-mail address"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(async () => {
          if (await save({ email: email.trim(), password })) {
            setPassword('');
            toast('Sign in with the new address from now on.');
          }
        });
      }}
    >
      <Field name="email" label="E-mail address" messages={of('email')}>
        {(w) => (
          <input {...w} type="email" value={email} autocomplete="username" inputMode="email" autocapitalize="none" required
            onInput={(event) => setEmail(event.currentTarget.value)} />
        )}
      </Field>
      <Secret name="password" id="email-password" label="Your password" value={password} onInput={setPassword} autocomplete="current-password" messages={of('password')} />
      <FormAlert messages={messages} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy || undefined}>
          Change the address
        </button>
      </div>
    </form>
  );
}

export function PasswordForm({ email }: { email: string }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { form, messages, busy, submit, of } = useForm(['current_password', 'new_password']);
  return (
    <form
      ref={form}
      noValidate
      aria-label="Password"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(async () => {
          await call('/api/runners/me/password', { body: { current_password: current, new_password: next }, timeout: 30_000 });
          setCurrent('');
          setNext('');
          toast('The new password holds. All other devices are signed out.');
        });
      }}
    >
      <input type="hidden" autocomplete="username" value={email} />
      <Secret name="current_password" label="Present password" value={current} onInput={setCurrent} autocomplete="current-password" messages={of('current_password')} />
      <Secret name="new_password" label="New password" value={next} onInput={setNext} autocomplete="new-password"
        hint="15 characters or more. A few unrelated words are good." messages={of('new_password')} />
      <FormAlert messages={messages} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy || undefined}>
          Change the password
        </button>
      </div>
    </form>
  );
}
