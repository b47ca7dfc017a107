import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { incompatibilities } from './generation/compatibility.ts';
import { lockOf } from './generation/lock.ts';
import { locked, outputs } from './generation/outputs.ts';
import { cards } from './src/index.ts';

// `npm run generate` writes the files that are generated from the cards; with `--check` it only names the stale ones.
const broken = incompatibilities(locked(), lockOf(cards));
const stale = outputs().filter(({ now, content }) => now !== content);

if (broken.length > 0) {
  for (const complaint of broken) console.error(complaint);
  console.error('Consumers must still read existing records: add a .v2 topic next to the old one instead.');
  process.exitCode = 1;
} else if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is stale: run npm run generate`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const { path, content } of stale) {
    const file = join(import.meta.dirname, '../..', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(`wrote ${path}`);
  }
}
