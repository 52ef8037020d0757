// What tests of recorded runs do over and over.
import { expect, type Page } from '@playwright/test';

/** A file to choose or drop. */
export const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

/** Uploads files on the page for it, and waits for all verdicts. */
export async function upload(page: Page, files: ReturnType<typeof file>[]): Promise<void> {
  await page.goto('/runs/upload');
  await page.getByLabel('Choose files').setInputFiles(files);
  await expect(page.getByText('Done.', { exact: true })).toBeVisible({ timeout: 30_000 });
}
