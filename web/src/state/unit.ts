import { cell } from './cell';
import { load, store } from './stored';

export type Unit = 'km' | 'mi';

/** Metres in one of a unit. */
export const metres: Record<Unit, number> = { km: 1000, mi: 1609.344 };

const kept = load('unit');

/** Whether the runner has chosen a unit, here or before. */
export let unitChosen = kept === 'km' || kept === 'mi';

/** The unit that everything is shown in. */
export const unit = cell<Unit>(unitChosen ? (kept as Unit) : /^en-(US|LR)/.test(navigator.language) ? 'mi' : 'km');

/** Chooses the unit; it stays chosen. */
export function chooseUnit(chosen: Unit): void {
  unitChosen = true;
  unit.value = chosen;
  store('unit', chosen);
}

/** Takes the unit of a link that somebody shared, unless the runner has chosen one. */
export function suggestUnit(suggested: Unit): void {
  if (!unitChosen) unit.value = suggested;
}

// Another tab chose.
addEventListener('storage', (event) => {
  if (event.key === 'stride.unit' && (event.newValue === 'km' || event.newValue === 'mi')) unit.value = event.newValue;
});
