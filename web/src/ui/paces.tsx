import type { Paces } from '../api/types';
import { pace } from '../format';

const said: ReadonlyArray<readonly [key: keyof Paces, name: string, feel: string]> = [
  ['recovery', 'Recovery', 'Slower than feels natural'],
  ['easy', 'Easy', 'You can talk in whole sentences'],
  ['long', 'Long run', 'Relaxed; it is about time on your feet'],
  ['marathon', 'Marathon', 'Steady; the pace of the race itself'],
  ['tempo', 'Tempo', 'Comfortably hard; a few words at a time'],
  ['interval', 'Interval', 'Hard, for a few minutes'],
  ['repetition', 'Repetition', 'Fast and short, with full rest; strides too'],
];

/** Training paces, slow to fast. */
export function PaceTable({ paces, caption = 'Your paces' }: { paces: Paces; caption?: string }) {
  return (
    <table class="paces">
      <caption>{caption}</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Pace</th>
          <th scope="col">How it feels</th>
        </tr>
      </thead>
      <tbody>
        {said.map(([key, name, feel]) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td>{pace(paces[key])}</td>
            <td class="feel">{feel}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
