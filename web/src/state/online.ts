import { cell } from './cell';

/** Whether the last request found the server. */
export const reached = cell(true);

/** Counts how often the server was found again; pages that failed for its absence read anew. */
export const returns = cell(0);

/** Asks the server whether it is there. */
export async function probe(): Promise<void> {
  try {
    const response = await fetch('/api/health', { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    if (!response.ok) return;
    reached.value = true;
  } catch {
    reached.value = false;
  }
}

// While the server is away it is asked for: soon at first, then every half a
// minute, and at once when the browser finds its network again.
let timer: ReturnType<typeof setTimeout> | undefined;
let wait = 2000;

reached.subscribe((found) => {
  clearTimeout(timer);
  if (found) {
    if (wait !== 2000 || timer !== undefined) returns.value++;
    wait = 2000;
    timer = undefined;
  } else {
    schedule();
  }
});

function schedule(): void {
  timer = setTimeout(async () => {
    wait = Math.min(wait * 1.5, 30_000);
    if (document.visibilityState === 'visible') await probe();
    if (!reached.value) schedule();
  }, wait);
}

addEventListener('online', () => void probe());
addEventListener('offline', () => (reached.value = false));
