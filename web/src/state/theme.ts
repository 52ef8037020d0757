import { cell } from './cell';
import { load, store } from './stored';

export type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');
const kept = load('theme');
let chosen: Theme | undefined = kept === 'light' || kept === 'dark' ? kept : undefined;

/** The theme in force: the chosen one, or the system's. */
export const theme = cell<Theme>(chosen ?? (system.matches ? 'dark' : 'light'));

system.addEventListener('change', () => {
  if (!chosen) theme.value = system.matches ? 'dark' : 'light';
});

/** Goes to the other theme, and stays there. */
export function switchTheme(): void {
  chosen = theme.value = theme.value === 'dark' ? 'light' : 'dark';
  store('theme', chosen);
  document.documentElement.dataset['theme'] = chosen;
}
