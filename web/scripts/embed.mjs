// Copies the built site to where the local server's build takes it from, and
// puts beside each file the same compressed, as the distribution would send it.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

const from = new URL('../dist/', import.meta.url);
const to = new URL('../../internal/local/site/dist/', import.meta.url);

for (const name of await readdir(to)) {
  if (name !== '.keep') await rm(new URL(name, to), { recursive: true });
}
await cp(from, to, { recursive: true });
for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name === '.keep') continue;
  const file = `${entry.parentPath}/${entry.name}`;
  const plain = await readFile(file);
  const small = brotliCompressSync(plain);
  if (small.length < plain.length) await writeFile(`${file}.br`, small);
}
