import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { Fault } from '../api/fault';
import type { Plan } from '../api/types';
import { cell, useCell } from '../state/cell';
import { toast, toasts } from '../state/toasts';
import { Field, messagesOf, useForm } from './field';
import { lazy } from './lazy';
import { Profile } from './profile';
import { useResource } from './resource';
import { reached } from '../state/online';
import Note from './toast';

const show = (node: preact.ComponentChild) => act(() => render(node, document.body));
const settle = () => act(async () => void (await new Promise((r) => setTimeout(r, 20))));
const invalid = new Fault('problem', 422, {
  type: '/problems/validation', title: 'No', status: 422, instance: '',
  errors: [
    { pointer: '/weeks', code: 'out_of_range', message: 'Fewer.' },
    { pointer: '/weeks', code: 'out_of_range', message: 'Fewer.' },
    { pointer: '/heart_rates/0/max', code: 'wrong_type', message: 'A number.' },
    { pointer: '', code: 'required', message: 'Something.' },
  ],
});

vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });

test('a cell tells whoever listens, and nobody after', async () => {
  const c = cell(1);
  const Shown = () => <p>{useCell(c)}</p>;
  await show(<Shown />);
  await act(() => void (c.value = 2));
  expect(document.body.textContent).toBe('2');
  const heard: number[] = [];
  const stop = c.subscribe((n) => heard.push(n));
  c.value = 2;
  c.value = 3;
  stop();
  c.value = 4;
  expect(heard).toEqual([3]);
});

test('messages go to their fields, and what has none to the form', () => {
  expect(messagesOf(invalid, ['/weeks', '/heart_rates'])).toEqual({ '/weeks': ['Fewer.'], '/heart_rates': ['A number.'], '': ['Something.'] });
  expect(messagesOf(new Fault('offline'), ['/weeks'])['']?.[0]).toContain('cannot be reached');
});

test('a form shows the server’s messages and puts the focus on the first', async () => {
  const Form = () => {
    const { form, submit, of, busy } = useForm(['name', 'weeks']);
    return (
      <form ref={form} onSubmit={(e) => { e.preventDefault(); void submit(() => Promise.reject(invalid)); }}>
        <Field name="name" label="Name" messages={of('name')}>{(w) => <input {...w} />}</Field>
        <Field name="weeks" label="Weeks" hint="8 to 30" messages={of('weeks')}>{(w) => <input {...w} />}</Field>
        <button type="submit">{busy ? 'busy' : 'go'}</button>
      </form>
    );
  };
  await show(<Form />);
  document.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(document.activeElement?.id).toBe('weeks'));
  const weeks = document.querySelector<HTMLInputElement>('#weeks');
  expect(document.activeElement).toBe(weeks);
  expect(weeks?.getAttribute('aria-invalid')).toBe('true');
  expect(weeks?.getAttribute('aria-describedby')).toBe('weeks-hint weeks-error');
  expect(document.querySelector('#weeks-error')?.textContent).toBe('Fewer.');
  expect(document.querySelector('#name')?.hasAttribute('aria-invalid')).toBe(false);
  expect(document.querySelector('button')?.textContent).toBe('go');
});

test('a resource reads again when the server is back, and forgets what was overtaken', async () => {
  const answers: Record<string, (value: string) => void> = {};
  let reads = 0;
  let failing = true;
  const Shown = ({ id }: { id: string }) => {
    const r = useResource(id, () => {
      reads++;
      return id === 'a' && failing ? Promise.reject(new Fault('offline')) : new Promise<string>((resolve) => (answers[id] = resolve));
    });
    return <p>{r.data ?? r.fault?.kind ?? 'loading'}</p>;
  };
  await show(<Shown id="a" />);
  await settle();
  expect(document.body.textContent).toBe('offline');
  failing = false;
  await act(() => { reached.value = false; reached.value = true; });
  await settle();
  expect(reads).toBe(2);
  await show(<Shown id="b" />);
  answers['b']?.('B');
  await settle();
  answers['a']?.('late');
  await settle();
  expect(document.body.textContent).toBe('B');
});

test('a part that cannot be loaded says so', async () => {
  const Part = lazy(() => Promise.reject<{ default: () => null }>(new Error('gone')));
  await show(<Part />);
  await settle();
  expect(document.querySelector('[role=alert]')?.textContent).toContain('could not be loaded');
});

test('a note can be undone until it goes', async () => {
  vi.useFakeTimers();
  const [undo, after] = [vi.fn(), vi.fn()];
  toast('Deleted.', undo, after);
  await show(<Note toast={toasts.value[0]!} />);
  vi.advanceTimersByTime(7999);
  expect(after).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect([undo.mock.calls.length, after.mock.calls.length]).toEqual([0, 1]);
  toast('Deleted.', undo, after);
  await show(<Note key="2" toast={toasts.value[0]!} />);
  document.querySelector('button')?.click();
  vi.advanceTimersByTime(60_000);
  expect([undo.mock.calls.length, after.mock.calls.length]).toEqual([1, 1]);
  vi.useRealTimers();
});

test('the chart tells in words what it shows', async () => {
  const kinds = ['build', 'build', 'cut_back', 'build', 'taper', 'race'] as const;
  const weeks = kinds.map((kind, i) => ({
    week: i + 1, kind, distance_m: [20_000, 24_000, 18_000, 28_000, 15_000, 50_000][i]!,
    workouts: kind === 'race' ? [{ type: 'race', distance_m: 42_195 }] : [{ type: 'long', distance_m: 10_000 }],
  })) as Plan['weeks'];
  await show(<Profile weeks={weeks} />);
  const label = document.querySelector('svg')?.getAttribute('aria-label')?.replaceAll('\u00a0', ' ');
  expect(label).toContain('from 20 km to 28 km in week 4, with lighter weeks 3');
  expect(document.querySelectorAll('.cut_back rect')).toHaveLength(2);
  expect(document.querySelector('svg')?.textContent).toContain('taper');
});
