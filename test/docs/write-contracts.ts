import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine } from '@pagebridge/local-stack/base';
import { incompatibilities } from '../../libs/contracts/generation/compatibility.ts';
import { lockOf } from '../../libs/contracts/generation/lock.ts';
import { locked, outputs } from '../../libs/contracts/generation/outputs.ts';
import { cards } from '../../libs/contracts/src/index.ts';
import { root } from './reference.ts';

const help = `npm run generate: writes docs/asyncapi.yaml, the topic table of ARCHITECTURE.md and contracts.lock.json anew from the cards
of libs/contracts

  --help  prints this text
`;
commandLine(help, {});

const broken = incompatibilities(locked(), lockOf(cards));
if (broken.length > 0) {
  for (const complaint of broken) console.error(complaint);
  console.error('Consumers must still read existing records: add a .v2 topic next to the old one instead.');
  process.exit(1);
}
for (const { path, now, content } of outputs()) {
  if (now === content) continue;
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  console.log(`wrote ${path}`);
}
