// The real server for tests of the site: build/stride-local on a free port,
// with a store of its own in a temporary folder, one for each worker.
import { test as base, expect, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = new URL('../../build/stride-local', import.meta.url).pathname;

export class Stride {
  url = '';
  /** Where recordings are sent to: the one other origin that pages may call. */
  uploads = '';
  #child: ChildProcess | undefined;
  #data: string;
  #addr = '127.0.0.1:0';

  constructor(data: string) {
    this.#data = data;
  }

  /** Starts the server; again on the same address after a stop. */
  async start(): Promise<void> {
    const child = spawn(binary, {
      env: { ...process.env, STRIDE_ADDR: this.#addr, STRIDE_DATA: this.#data, STRIDE_BCRYPT_COST: '4', STRIDE_RATE_LIMITS: 'off' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    this.url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        said += chunk.toString();
        const found = /running at (http:\S+)/.exec(said)?.[1];
        if (found) resolve(found);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('error', reject);
      child.on('exit', () => reject(new Error(`the server ended: ${said}`)));
    });
    this.#addr = new URL(this.url).host;
    const policy = (await fetch(this.url)).headers.get('Content-Security-Policy') ?? '';
    this.uploads = /connect-src 'self' (http:\S+?);/.exec(policy)?.[1] ?? '';
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

interface Fixtures {
  /** Fails the test when the page logged an error, or asked another origin for anything. */
  quiet: void;
}

export const test = base.extend<Fixtures, { stride: Stride }>({
  stride: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const data = await mkdtemp(join(tmpdir(), 'stride-e2e-'));
      const stride = new Stride(data);
      await stride.start();
      await use(stride);
      await stride.stop();
      await rm(data, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ stride }, use) => use(stride.url),
  quiet: [
    async ({ page, stride }, use) => {
      const noise: string[] = [];
      page.on('pageerror', (error) => noise.push(String(error)));
      page.on('console', (message) => {
        // Chromium logs every status from 400 on; what the page makes of it is tested.
        if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) noise.push(message.text());
      });
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== stride.url && origin !== stride.uploads && protocol !== 'blob:') noise.push(`asked ${request.url()}`);
      });
      await use();
      expect(noise).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails when axe finds anything in the page as it is. */
export async function accessible(page: Page, what: string): Promise<void> {
  await page.evaluate(await axe); // the policy of the site lets no script tag in
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    return (await axe.run()).violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n')}`);
  });
  expect(violations, what).toEqual([]);
}

/** Fails when the page is wider than its window. */
export async function fits(page: Page, what: string): Promise<void> {
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const);
  expect(inner, `${what} scrolls sideways`).toBeLessThanOrEqual(outer);
}

const widths = [320, 768, 1280];

/** Runs axe in both themes and at three widths, and looks for sideways scrolling. */
export async function everywhere(page: Page, what: string): Promise<void> {
  const size = page.viewportSize();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await accessible(page, `${what}, ${scheme}, ${width} px`);
      await fits(page, `${what}, ${width} px`);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${what.replaceAll(' ', '-')}-${scheme}-${width}.png`, fullPage: true });
    }
  }
  if (size) await page.setViewportSize(size);
}
