import { useState } from 'preact/hooks';
import { Field } from './field';

interface SecretProps {
  name: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** What a password manager is to do. */
  autocomplete: 'current-password' | 'new-password';
  hint?: string;
  messages?: string[] | undefined;
  id?: string;
  autofocus?: boolean | undefined;
}

/** A password, which can be looked at while it is typed. */
export function Secret({ name, label, value, onInput, autocomplete, hint, messages, id, autofocus }: SecretProps) {
  const [seen, setSeen] = useState(false);
  const typing = {
    value,
    autocomplete,
    autocapitalize: 'none',
    spellcheck: false,
    required: true,
    autofocus,
    onInput: (event: { currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
  } as const;
  return (
    <Field name={name} label={label} hint={hint} messages={messages} {...(id && { id })}>
      {(w) => (
        <div class="secret">
          <input {...w} {...typing} {...(seen ? { type: 'text' } : { type: 'password' })} />
          <button type="button" aria-pressed={seen} aria-label={`Show ${label.toLowerCase()}`} onClick={() => setSeen(!seen)}>
            {seen ? 'Hide' : 'Show'}
          </button>
        </div>
      )}
    </Field>
  );
}
