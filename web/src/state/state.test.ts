import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Fault } from '../api/fault';
import { call } from '../api/session';
import { todayIn } from './day';
import { nextOf } from './next';
import { remove, removed, settle } from './removal';
import { close, toasts } from './toasts';

vi.mock('../api/session', () => ({ call: vi.fn() }));

test('today is that of the zone', () => {
  const now = new Date('2027-03-10T22:30:00Z');
  expect(todayIn('Europe/Berlin', now)).toBe('2027-03-10');
  expect(todayIn('Pacific/Auckland', now)).toBe('2027-03-11');
  expect(todayIn('America/Los_Angeles', new Date('2027-03-10T03:00:00Z'))).toBe('2027-03-09');
  expect(todayIn('Mars/Olympus', now)).toBe(todayIn(undefined, now));
});

test('where to come back to is a page of this site', () => {
  const of = (next: string) => nextOf(`?${new URLSearchParams({ next })}`, 'https://stride.example');
  expect(of('/plans/x?open=w01-1')).toBe('/plans/x?open=w01-1');
  for (const bad of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 'plans', '/api/docs', '/sign-in', '/register?next=/', 'https://', '']) {
    expect(of(bad), bad).toBe('/today');
  }
  expect(nextOf('', 'https://stride.example')).toBe('/today');
});

describe('deleting', () => {
  const server = vi.mocked(call);
  const done = { data: undefined as never, status: 204, etag: undefined, replayed: false };
  const newest = () => toasts.value[toasts.value.length - 1];
  beforeEach(() => void server.mockReset().mockResolvedValue(done));
  afterEach(() => {
    toasts.value = [];
    removed.value = new Set();
  });

  test('is hidden at once and done when the note goes', async () => {
    remove('/api/plans/1', 'One', '"3"', () => undefined);
    expect(removed.value.has('/api/plans/1')).toBe(true);
    expect(server).not.toHaveBeenCalled();
    const note = newest();
    if (note) close(note);
    expect(server).toHaveBeenCalledExactlyOnceWith('/api/plans/1', { method: 'DELETE', keepalive: true, ifMatch: '"3"' });
    await settle();
    expect(removed.value.has('/api/plans/1')).toBe(true);
  });

  test('is not done after Undo', async () => {
    const back = vi.fn();
    remove('/api/plans/1', 'One', undefined, back);
    const note = newest();
    if (note) close(note, true);
    await settle();
    expect(server).not.toHaveBeenCalled();
    expect(removed.value.size).toBe(0);
    expect(back).toHaveBeenCalledOnce();
  });

  test.each([
    [new Fault('offline'), 'cannot be reached'],
    [new Fault('problem', 412), 'changed on another device'],
    [new Fault('problem', 503), 'cannot answer'],
  ])('comes back when it fails: %s', async (fault, said) => {
    server.mockRejectedValue(fault);
    const back = vi.fn();
    remove('/api/plans/1', 'One', undefined, back);
    await settle();
    expect(removed.value.size).toBe(0);
    expect(back).toHaveBeenCalledOnce();
    expect(newest()?.text).toContain(said);
  });

  test('of what is gone already is done', async () => {
    server.mockRejectedValue(new Fault('problem', 404));
    remove('/api/plans/1', 'One', undefined, () => undefined);
    await settle();
    expect(removed.value.has('/api/plans/1')).toBe(true);
    expect(toasts.value).toEqual([]);
  });

  test('is done when the page is left', () => {
    remove('/api/plans/1', 'One', undefined, () => undefined);
    dispatchEvent(new Event('pagehide'));
    expect(server).toHaveBeenCalledOnce();
  });
});
