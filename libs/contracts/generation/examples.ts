import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IncomingRecord, TopicCard } from '../src/index.ts';

/** A record as its example file writes it: the value as JSON, as text where it is a string, or null. */
export interface ExampleRecord {
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** One example file; a bad one says what is complained about. */
export interface Example {
  readonly name: string;
  readonly why: string;
  readonly record: ExampleRecord;
  readonly expect?: { readonly reason: string; readonly detail: string };
}

/** The folder of a topic: `paging.page-commands.v1` is `page-commands`. */
export const folderOf = (card: TopicCard): string => card.topic.split('.').slice(1, -1).join('.');

/** The examples beside a card, in the order of their names. */
export function examplesOf(card: TopicCard, kind: 'good' | 'bad'): Example[] {
  const folder = join(import.meta.dirname, '../src', folderOf(card), 'examples', kind);
  return readdirSync(folder)
    .toSorted()
    .map((file) => ({ name: basename(file, '.json'), ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}

/** The record as a consumer gets it: bytes. */
export function incoming({ headers = {}, value }: ExampleRecord): IncomingRecord {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return {
    value: value === null ? null : Buffer.from(text),
    headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)])),
  };
}
