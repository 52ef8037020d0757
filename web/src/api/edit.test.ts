import { beforeEach, expect, test, vi } from 'vitest';
import { edit, same, type Change } from './edit';
import { Fault } from './fault';
import { call } from './session';

vi.mock('./session', () => ({ call: vi.fn() }));
const server = vi.mocked(call);

interface Thing {
  name: string;
  note?: string | null;
}
const facts = ({ name, note }: Thing): Change => ({ name, note });

/** A server with one thing in it, as the real one answers. */
function keeps(thing: Thing, version = 1) {
  const state = { thing, version, writes: 0 };
  server.mockImplementation(async (_path, options = {}) => {
    if (options.method === 'PATCH') {
      if (options.ifMatch !== `"${state.version}"`) throw new Fault('problem', 412);
      state.thing = { ...state.thing, ...(options.body as Partial<Thing>) };
      state.version++;
      state.writes++;
    }
    return { data: state.thing as never, status: 200, etag: `"${state.version}"`, replayed: false };
  });
  return state;
}

beforeEach(() => void server.mockReset());

test('nobody else: one write', async () => {
  const state = keeps({ name: 'a' });
  const result = await edit<Thing>('/x', { name: 'a' }, '"1"', { name: 'b' }, facts);
  expect(result).toMatchObject({ kind: 'saved', data: { name: 'b' }, etag: '"2"', others: [] });
  expect(server).toHaveBeenCalledTimes(1);
  expect(state.thing.name).toBe('b');
});

test('another field was changed elsewhere: both hold, and it is told', async () => {
  const state = keeps({ name: 'a', note: 'theirs' }, 2);
  const result = await edit<Thing>('/x', { name: 'a' }, '"1"', { name: 'b' }, facts);
  expect(result).toMatchObject({ kind: 'saved', others: ['note'] });
  expect(state.thing).toEqual({ name: 'b', note: 'theirs' });
});

test('the same field was changed elsewhere: nothing is written', async () => {
  const state = keeps({ name: 'theirs' }, 2);
  const result = await edit<Thing>('/x', { name: 'a' }, '"1"', { name: 'mine' }, facts);
  expect(result).toMatchObject({ kind: 'clash', fields: ['name'], theirs: { name: 'theirs' }, etag: '"2"' });
  expect(state.writes).toBe(0);
});

test('the same change was made elsewhere: there is nothing to ask', async () => {
  keeps({ name: 'b' }, 2);
  expect(await edit<Thing>('/x', { name: 'a' }, '"1"', { name: 'b' }, facts)).toMatchObject({ kind: 'saved', others: [] });
});

test('without a version the present one is compared with what was seen', async () => {
  const state = keeps({ name: 'theirs' }, 7);
  expect(await edit<Thing>('/x', { name: 'a' }, undefined, { name: 'mine' }, facts)).toMatchObject({ kind: 'clash' });
  expect(await edit<Thing>('/x', { name: 'theirs' }, undefined, { name: 'mine' }, facts)).toMatchObject({ kind: 'saved' });
  expect(state.thing.name).toBe('mine');
});

test('a race that is lost time and again ends in a fault, not in a loop', async () => {
  server.mockImplementation(async (_path, options = {}) => {
    if (options.method === 'PATCH') throw new Fault('problem', 412);
    return { data: { name: 'a' } as never, status: 200, etag: '"9"', replayed: false };
  });
  await expect(edit<Thing>('/x', { name: 'a' }, '"1"', { name: 'b' }, facts)).rejects.toThrow(Fault);
});

test('other faults go through', async () => {
  server.mockRejectedValue(new Fault('problem', 409));
  await expect(edit<Thing>('/x', { name: 'a' }, '"1"', { name: 'b' }, facts)).rejects.toMatchObject({ status: 409 });
  expect(server).toHaveBeenCalledTimes(1);
});

test('nothing, null and an empty text are one', () => {
  expect(same(undefined, null)).toBe(true);
  expect(same('', null)).toBe(true);
  expect(same('a', null)).toBe(false);
  expect(same(0, null)).toBe(false);
  expect(same([{ a: 1 }], [{ a: 1 }])).toBe(true);
});
