import type { ComponentChildren } from 'preact';
import type { Note } from '../api/types';

/** What was changed and what to mind, in plain words. */
export function Notes({ title, notes, children }: { title: string; notes: readonly Note[]; children?: ComponentChildren }) {
  if (notes.length === 0 && !children) return null;
  return (
    <section class="notes">
      <h2>{title}</h2>
      <ul>
        {children}
        {notes.map((note) => (
          <li key={note.code + note.field}>{note.message}</li>
        ))}
      </ul>
    </section>
  );
}
