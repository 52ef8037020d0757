/** The two ways to look at a plan that has dates. */
export type View = 'months' | 'weeks';

const names: Record<View, string> = { months: 'Calendar', weeks: 'Weeks' };

export function ViewSwitch({ view, onView }: { view: View; onView: (view: View) => void }) {
  return (
    <fieldset class="choice small">
      <legend class="visually-hidden">View</legend>
      {(Object.keys(names) as View[]).map((v) => (
        <label key={v}>
          <input type="radio" name="view" checked={view === v} onChange={() => onView(v)} />
          <span>{names[v]}</span>
        </label>
      ))}
    </fieldset>
  );
}
