import { cell } from './cell';
import type { Runner } from '../api/types';
import { load, store } from './stored';

/**
 * Who is here. `unknown` is a browser that was signed in when it was last
 * seen, until its refresh cookie has been tried. `was` is a runner whose
 * sign-in ended while they were at work, and not by their own hand.
 */
export type Session = { state: 'anonymous'; was?: Runner } | { state: 'unknown' } | { state: 'signed_in'; runner: Runner };

export const session = cell<Session>(load('signed_in') ? { state: 'unknown' } : { state: 'anonymous' });

/** Sets who is here. That somebody is signed in is kept, so that a reload tries the cookie; who, is not. */
export function setSession(next: Session): void {
  session.value = next;
  store('signed_in', next.state === 'anonymous' ? null : '1');
}
