import type { Plan } from '../api/types';
import { distance, paceNumber } from '../format';
import { unit } from '../state/unit';
import { Profile } from '../ui/profile';
import '../style/plan.css';

/** A look at the plan beside the questions. */
export default function Preview({ plan }: { plan: Plan }) {
  const { summary } = plan;
  return (
    <section class="preview" aria-label="What your plan looks like">
      <Profile weeks={plan.weeks} />
      <dl class="numbers">
        <div>
          <dt>Longest run</dt>
          <dd>{distance(summary.peak_long_run_m)}</dd>
        </div>
        <div>
          <dt>Biggest week</dt>
          <dd>{distance(summary.peak_week_distance_m)}</dd>
        </div>
        <div>
          <dt>Race pace</dt>
          <dd>
            {paceNumber(summary.race_pace_s_per_km)} /{unit.value}
          </dd>
        </div>
      </dl>
    </section>
  );
}
