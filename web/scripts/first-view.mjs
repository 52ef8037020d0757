// Weighs the first view: what a browser must load, brotli-compressed, before
// somebody can answer the questions. It fails above 15 kB, or when a page asks
// another origin for anything.
import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

const LIMIT = 15_000;
const dist = new URL('../dist/', import.meta.url);

// The page, what it names, and what that imports; import() comes later.
const files = new Set();
async function add(file) {
  if (files.has(file)) return;
  files.add(file);
  const text = await readFile(new URL(file, dist), 'utf8');
  if (file.endsWith('.html')) {
    for (const [, name] of text.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)) await add(name);
  } else if (file.endsWith('.js')) {
    for (const [, name] of text.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g)) await add(`assets/${name}`);
  }
}
await add('index.html');

let sum = 0;
for (const file of files) {
  const bytes = brotliCompressSync(await readFile(new URL(file, dist))).length;
  sum += bytes;
  console.log(`${String(bytes).padStart(6)}  ${file}`);
}
console.log(`${String(sum).padStart(6)}  first view, brotli (limit ${LIMIT})`);
if (sum > LIMIT) {
  console.error('The first view is too large: load what it does not need by import().');
  process.exit(1);
}
