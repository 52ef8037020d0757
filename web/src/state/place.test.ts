import { expect, test } from 'vitest';
import { go, match, place } from './place';

test('match', () => {
  expect(match('/', '/')).toEqual({});
  expect(match('/plans', '/plans')).toEqual({});
  expect(match('/plans/:id', '/plans/a%20b')).toEqual({ id: 'a b' });
  expect(match('/plans/:id/:week', '/plans/1/2')).toEqual({ id: '1', week: '2' });
  for (const path of ['/plans', '/plans/', '/plans/1/2', '/other/1', '/plans/%']) expect(match('/plans/:id', path)).toBeUndefined();
});

const click = (html: string, init: MouseEventInit = {}) => {
  document.body.innerHTML = html;
  const event = new MouseEvent('click', { bubbles: true, cancelable: true, ...init });
  // What the page does not take is not for the test to follow.
  document.body.addEventListener('click', () => {}, { once: true });
  document.querySelector('a b, a')?.dispatchEvent(event);
  return event.defaultPrevented;
};

test('links of the site change the place; all others are the browser’s', () => {
  go('/');
  expect(click('<a href="/plan?weeks=9"><b>x</b></a>')).toBe(true);
  expect(place.value).toEqual({ path: '/plan', query: '?weeks=9' });
  for (const html of ['<a href="/api/docs">', '<a href="/problems/stale">', '<a href="https://example.org/">', '<a href="#main">', '<a href="/plan" target="_blank">', '<a href="/x.json" download>']) {
    expect(click(html), html).toBe(false);
  }
  for (const key of ['ctrlKey', 'metaKey', 'altKey', 'shiftKey']) expect(click('<a href="/">', { [key]: true }), key).toBe(false);
  expect(click('<a href="/">', { button: 1 })).toBe(false);
  expect(place.value.path).toBe('/plan');
});
