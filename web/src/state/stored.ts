/** Reads a value that this browser keeps. A browser that keeps nothing has none. */
export function load(key: string): string | null {
  try {
    return localStorage.getItem(`stride.${key}`);
  } catch {
    return null;
  }
}

/** Keeps a value in this browser, or forgets it. A browser that keeps nothing is none the worse. */
export function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`stride.${key}`);
    else localStorage.setItem(`stride.${key}`, value);
  } catch {
    // private windows and full disks
  }
}
