// Says how to get Chromium where there is none. Nothing is installed unasked.
import { existsSync } from 'node:fs';

const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(program)) {
  console.error(`The tests of the site need Chromium, and there is none at ${program}.
On Debian and Ubuntu:  apt-get install chromium
Elsewhere:             CHROMIUM=/path/to/chrome make test-browser`);
  process.exit(1);
}
