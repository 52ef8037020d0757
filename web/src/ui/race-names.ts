import type { StandingBest } from '../api/types';

/** A standard distance: its name does not depend on the unit. */
export const raceNames: Record<StandingBest['name'], string> = {
  '400m': '400 m',
  '1km': '1 km',
  mile: '1 mile',
  '5km': '5 km',
  '10km': '10 km',
  half_marathon: 'Half marathon',
  marathon: 'Marathon',
};
