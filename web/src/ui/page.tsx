import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let first = true;

interface PageProps {
  /** The heading of the page, and its title. */
  title: string;
  /** What the browser's tab says, where it differs. */
  tab?: string;
  lead?: ComponentChildren;
  /** Hides the heading from sight, where the page says the same in another way. */
  quiet?: boolean;
  class?: string;
  children: ComponentChildren;
}

/**
 * A page: its title, its heading, and after a change of page the focus on that
 * heading, so that who cannot see the change hears of it.
 */
export function Page({ title, tab, lead, quiet, class: name = '', children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = tab ?? `${title} · Stride`;
  }, [title, tab]);
  useEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return (
    <main id="main" class={name}>
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1} class={quiet ? 'visually-hidden' : undefined}>
          {title}
        </h1>
        {lead && <p class="lead">{lead}</p>}
      </div>
      {children}
    </main>
  );
}
