import type { Answers } from '../state/answers';

export interface SavePlanProps {
  /** What the plan was made from; `toRequest` makes the body of POST /api/plans of it. */
  answers: Answers;
}

/** The place on a new plan's page where it can be saved. There is nothing in it without accounts. */
export function SavePlan(_: SavePlanProps) {
  return null;
}
