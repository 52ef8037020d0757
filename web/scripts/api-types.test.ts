// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
// @ts-expect-error: a script without types
import { generate } from './api-types.mjs';

test('src/api/types.ts is what openapi.yaml says; npm run types writes it', async () => {
  expect(await readFile(new URL('../src/api/types.ts', import.meta.url), 'utf8')).toBe(await generate());
});
