import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cards } from '../src/index.ts';
import { asyncApiOf } from './asyncapi.ts';
import type { Lock } from './compatibility.ts';
import { lockOf } from './lock.ts';
import { withTopicTable } from './topic-table.ts';

const root = join(import.meta.dirname, '../../..');

/** A file that is generated from the cards, with its present and its new content; `path` is relative to the root. */
export interface Output {
  readonly path: string;
  readonly now: string | undefined;
  readonly content: string;
}

export function outputs(): Output[] {
  return [
    output('docs/asyncapi.yaml', () => asyncApiOf(cards)),
    output('ARCHITECTURE.md', (now = '') => withTopicTable(now, cards)),
    output(lockPath, () => `${JSON.stringify(lockOf(cards), null, 2)}\n`),
  ];
}

const lockPath = 'libs/contracts/contracts.lock.json';

/** Returns the locked topics; none before the first `npm run generate`. */
export const locked = (): Lock => JSON.parse(read(lockPath) ?? '{}');

function output(path: string, content: (now: string | undefined) => string): Output {
  const now = read(path);
  return { path, now, content: content(now) };
}

function read(path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
