import { send } from './http';
import type { Plan } from './types';
import { toQuery, toRequest, type Answers } from '../state/answers';

// The same answers make the same plan, so what was made is kept for as long
// as the page is open.
const made = new Map<string, Plan>();

/** Makes the plan for the answers. It throws a Fault. */
export async function generate(answers: Answers, signal?: AbortSignal): Promise<Plan> {
  const key = toQuery(answers);
  const known = made.get(key);
  if (known) return known;
  const { data } = await send<Plan>('/api/generate', { body: toRequest(answers), ...(signal && { signal }) });
  if (made.size > 30) made.clear();
  made.set(key, data);
  return data;
}
