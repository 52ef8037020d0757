import { useState } from 'preact/hooks';
import { signIn } from '../api/session';
import type { Runner } from '../api/types';
import { Field, FormAlert, useForm } from './field';
import { Secret } from './secret';

interface SignInFormProps {
  /** The address to start with, or the only one. */
  email?: string;
  fixed?: boolean;
  onDone: (runner: Runner) => void;
}

/** E-mail address and password. */
export function SignInForm({ email: first = '', fixed, onDone }: SignInFormProps) {
  const [email, setEmail] = useState(first);
  const [password, setPassword] = useState('');
  const { form, messages, busy, submit, of } = useForm(['email', 'password']);
  return (
    <form
      ref={form}
      noValidate
      aria-label="Sign in"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(async () => onDone(await signIn({ email: email.trim(), password })));
      }}
    >
      <Field name="email" id="sign-in-email" label="E-mail address" messages={of('email')}>
        {(w) => (
          <input {...w} type="email" value={email} readOnly={fixed} autocomplete="username" inputMode="email" autocapitalize="none" required
            onInput={(event) => setEmail(event.currentTarget.value)} />
        )}
      </Field>
      <Secret name="password" id="sign-in-password" label="Password" value={password} onInput={setPassword} autocomplete="current-password" messages={of('password')} autofocus={fixed} />
      <FormAlert messages={messages} />
      <button type="submit" class="primary wide" aria-disabled={busy || undefined}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}
