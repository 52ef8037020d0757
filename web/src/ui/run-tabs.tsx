import { useCell } from '../state/cell';
import { place } from '../state/place';

const tabs = [
  ['/runs', 'All runs'],
  ['/runs/bests', 'Bests'],
  ['/runs/upload', 'Upload'],
] as const;

/** What there is about recorded runs. */
export function RunTabs() {
  const { path } = useCell(place);
  return (
    <nav class="tabs" aria-label="Runs">
      <ul>
        {tabs.map(([to, name]) => (
          <li key={to}>
            <a href={to} aria-current={to === path ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
