import { defineConfig } from 'vitest/config';

// The API that `npm run dev` talks to: a local server that is running already.
const api = process.env['STRIDE_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy of the site allows no data: addresses
    rolldownOptions: {
      output: {
        // One file for the first view: two would compress worse.
        codeSplitting: { groups: [{ name: 'first', test: /src\/(main|app|routes|pages\/home)\.tsx$/ }] },
      },
    },
  },
  server: { proxy: { '/api': api, '/problems': api } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}', 'scripts/*.test.ts'],
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
  },
});
