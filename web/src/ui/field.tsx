// The parts of forms: a question with its hint and the server's messages.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { asFault, type Fault } from '../api/fault';

/** Messages by JSON pointer; '' holds what belongs to no field. */
export type Messages = Record<string, string[]>;

/** The messages of a fault, by the fields that a form has. What it has no field for goes to ''. */
export function messagesOf(fault: Fault, fields: readonly string[]): Messages {
  const messages: Messages = {};
  for (const { pointer = '', message } of fault.errors) {
    const field = fields.find((f) => pointer === f || pointer.startsWith(`${f}/`)) ?? '';
    const list = (messages[field] ??= []);
    if (!list.includes(message)) list.push(message);
  }
  if (fault.errors.length === 0) messages[''] = [fault.message];
  return messages;
}

/** What an input needs to belong to its label, hint and messages. */
export interface Wiring {
  id: string;
  name: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
}

interface FieldProps {
  /** Name of the field; its JSON pointer without the slash. */
  name: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  messages?: string[] | undefined;
  /** Id of the input, where another form of the page has a field of the same name. */
  id?: string;
  /** A fieldset with a legend instead of a label: for radio buttons. */
  group?: boolean;
  class?: string;
  children: (wiring: Wiring) => ComponentChildren;
}

/** One question of a form. */
export function Field({ name, label, hint, messages = [], id = name.replaceAll('/', '-'), group, class: more = '', children }: FieldProps) {
  const wrong = messages.length > 0;
  const described = [hint && `${id}-hint`, wrong && `${id}-error`].filter(Boolean).join(' ') || undefined;
  const inner = (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, name, 'aria-describedby': described, 'aria-invalid': wrong ? 'true' : undefined })}
      <p class="error" id={`${id}-error`} role="alert">
        {messages.join(' ')}
      </p>
    </>
  );
  return group ? (
    <fieldset class={`field ${more}`} aria-describedby={described} data-invalid={wrong || undefined}>
      <legend>{label}</legend>
      {inner}
    </fieldset>
  ) : (
    <div class={`field ${more}`} data-invalid={wrong || undefined}>
      <label for={id}>{label}</label>
      {inner}
    </div>
  );
}

interface ChoiceProps<V extends string> {
  wiring: Wiring;
  value: V;
  options: ReadonlyArray<readonly [value: V, label: ComponentChildren]>;
  onChoose: (value: V) => void;
}

/** A few options side by side, of which one is chosen. */
export function Choice<V extends string>({ wiring, value, options, onChoose }: ChoiceProps<V>) {
  return (
    <div class="choice">
      {options.map(([option, label]) => (
        <label key={option}>
          <input
            type="radio"
            name={wiring.name}
            value={option}
            checked={option === value}
            aria-invalid={wiring['aria-invalid']}
            onChange={() => onChoose(option)}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}

/** What belongs to no field of a form. */
export function FormAlert({ messages }: { messages: Messages }) {
  return (
    <div class="form-alert" role="alert">
      {messages['']?.map((message) => <p key={message}>{message}</p>)}
    </div>
  );
}

/** Puts the focus on the first field that is wrong, or on what the form says as a whole. */
export function focusFirstFault(form: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const first = form?.querySelector<HTMLElement>('[aria-invalid=true]:not([type=radio]), [aria-invalid=true]:checked, [aria-invalid=true]');
    (first ?? form?.querySelector<HTMLElement>('[type=submit]'))?.focus();
  });
}

/**
 * For forms whose answer is read by the address: `sent` notes that the runner
 * pressed the button, and if a fault comes back the focus goes to it.
 */
export function useFaultFocus(fault: Fault | undefined) {
  const form = useRef<HTMLFormElement>(null);
  const waiting = useRef(false);
  useEffect(() => {
    if (!fault || !waiting.current) return;
    waiting.current = false;
    focusFirstFault(form.current);
  }, [fault]);
  return { form, sent: () => (waiting.current = true) };
}

/**
 * The state of a form that is sent to the API: what is wrong, and whether it
 * is under way. `submit` runs `work`; its Fault becomes messages, with the
 * focus on the first.
 */
export function useForm(fields: readonly string[]) {
  const form = useRef<HTMLFormElement>(null);
  const [messages, setMessages] = useState<Messages>({});
  const [busy, setBusy] = useState(false);
  const running = useRef(false);

  const fail = (fault: Fault) => {
    setMessages(messagesOf(fault, fields.map((f) => `/${f}`)));
    focusFirstFault(form.current);
  };
  const submit = async (work: () => Promise<void>) => {
    if (running.current) return; // a second press of the button
    running.current = true;
    setBusy(true);
    setMessages({});
    try {
      await work();
    } catch (error) {
      fail(asFault(error));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  /** The messages of one field. */
  const of = (name: string) => messages[`/${name}`];
  return { form, messages, setMessages, busy, submit, fail, of };
}
