// One run: what it is, its steps, and why it is there.
import type { ComponentChildren } from 'preact';
import { distance, duration, pace, stretch } from '../format';
import type { CalendarDay, SavedWorkout, Step, Stretch, Workout } from '../api/types';

export type AnyWorkout = Workout | SavedWorkout | CalendarDay;

/** What a run is called, and which colour it has. */
export const kinds: Record<Workout['type'], { name: string; short: string; family: 'easy' | 'long' | 'hard' | 'race' }> = {
  easy: { name: 'Easy', short: 'Easy', family: 'easy' },
  recovery: { name: 'Recovery', short: 'Rec', family: 'easy' },
  long: { name: 'Long run', short: 'Long', family: 'long' },
  tempo: { name: 'Tempo', short: 'Tempo', family: 'hard' },
  interval: { name: 'Intervals', short: 'Int', family: 'hard' },
  marathon_pace: { name: 'Marathon pace', short: 'MP', family: 'hard' },
  race: { name: 'Race', short: 'Race', family: 'race' },
};

const stepNames: Record<Stretch['kind'], string> = {
  warm_up: 'Warm up',
  work: 'Run',
  recovery: 'Jog',
  cool_down: 'Cool down',
  strides: 'Stride',
};

const heights: Record<Stretch['kind'], number> = { warm_up: 9, work: 22, recovery: 6, cool_down: 9, strides: 22 };

/** The steps one after another, groups unrolled. */
export function unrolled(steps: readonly Step[]): Stretch[] {
  return steps.flatMap((step) => ('repeat' in step ? Array.from({ length: step.repeat }, () => unrolled(step.steps)).flat() : [step]));
}

/** The run as a strip: as wide as it is far, as high as it is hard. */
export function Shape({ workout }: { workout: AnyWorkout }) {
  const steps = unrolled(workout.steps);
  const { family } = kinds[workout.type];
  let x = 0;
  return (
    <svg class="shape" viewBox={`0 0 ${workout.distance_m} 24`} preserveAspectRatio="none" aria-hidden="true">
      {steps.map((step, i) => {
        const hard = step.kind === 'strides' || (step.kind === 'work' && family !== 'easy');
        const height = step.kind === 'work' && family === 'easy' ? 13 : heights[step.kind];
        const from = x;
        x += step.distance_m;
        return <rect key={i} class={hard ? family : 'easy'} x={from} y={24 - height} width={step.distance_m} height={height} />;
      })}
    </svg>
  );
}

function StepList({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="steps">
      {steps.map((step, i) =>
        'repeat' in step ? (
          <li key={i} class="group">
            <span class="times">{step.repeat} times</span>
            <StepList steps={step.steps} />
          </li>
        ) : (
          <li key={i}>
            <span class="step">{stepNames[step.kind]}</span>
            <span>
              <b>{stretch(step.distance_m)}</b> at <span class="band">{pace(step.pace)}</span>
            </span>
            <span class="about">{duration(step.duration_s)}</span>
          </li>
        ),
      )}
    </ol>
  );
}

/** All there is to say about a run. What may be done with it goes below, as children. */
export function WorkoutDetail({ workout, children }: { workout: AnyWorkout; children?: ComponentChildren }) {
  return (
    <div class="detail">
      <dl class="facts">
        <div>
          <dt>Distance</dt>
          <dd>{distance(workout.distance_m)}</dd>
        </div>
        <div>
          <dt>About</dt>
          <dd>{duration(workout.duration_s)}</dd>
        </div>
        <div>
          <dt>Pace</dt>
          <dd>{pace(workout.pace)}</dd>
        </div>
      </dl>
      <Shape workout={workout} />
      <StepList steps={workout.steps} />
      <p class="why">
        <b>Why</b> {workout.rationale.text}
      </p>
      {children}
    </div>
  );
}
