import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IncomingRecord, TopicCard } from '../src/index.ts';

/** A record in an example file: its value is JSON, a string for the raw text, or null. */
export interface ExampleRecord {
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** An example file. An invalid example has the expected reason and detail. */
export interface Example {
  readonly name: string;
  readonly why: string;
  readonly record: ExampleRecord;
  readonly expect?: { readonly reason: string; readonly detail: string };
}

/** Returns the folder of a topic: `page-commands` for `paging.page-commands.v1`. */
export const folderOf = (card: TopicCard): string => card.topic.split('.').slice(1, -1).join('.');

/** Returns the examples of a card, sorted by name. */
export function examplesOf(card: TopicCard, kind: 'good' | 'bad'): Example[] {
  const folder = join(import.meta.dirname, '../src', folderOf(card), 'examples', kind);
  return readdirSync(folder)
    .toSorted()
    .map((file) => ({ name: basename(file, '.json'), ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}

/** Converts an example to a record as a consumer receives it, in bytes. */
export function incoming({ headers = {}, value }: ExampleRecord): IncomingRecord {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return {
    value: value === null ? null : Buffer.from(text),
    headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)])),
  };
}
