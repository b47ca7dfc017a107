import { isDeadLetterHeader, deadLetterHeaders as names } from '@pagebridge/vocabulary';
import type { OutgoingRecord } from '../record.ts';
import { type DeadLetter, emptyLetterOf, type Parker, readable } from './dead-letter.ts';
import { sizeOfOriginal } from './original-size.ts';

// A stub omits a longer key, because the key may be what makes the letter too large.
const maxKeyBytes = 1024;
const maxDetailLength = 256;

const keyFor = (key: OutgoingRecord['key']): OutgoingRecord['key'] => (key && key.length <= maxKeyBytes ? key : null);

const stubDetailOf = (detail: string): string => readable(detail.slice(0, maxDetailLength));

/**
 * Returns the stub of a dead letter that its topic refuses; the original stays in its own topic until retention deletes
 * it. `detail`: why the letter is refused. `kept`: the headers of the original that the stub keeps.
 */
export function stubOf(letter: OutgoingRecord, detail: string, kept: readonly string[] = []): OutgoingRecord {
  const headers = Object.entries(letter.headers);
  const letterHeaders = headers.filter(([name]) => isDeadLetterHeader(name));
  const originalHeaders = headers.filter(([name]) => !isDeadLetterHeader(name));
  return {
    ...letter,
    key: keyFor(letter.key),
    value: null,
    headers: {
      ...Object.fromEntries([...originalHeaders.filter(([name]) => kept.includes(name)), ...letterHeaders]),
      [names.stub]: 'true',
      [names.bytes]: String(sizeOfOriginal({ ...letter, headers: Object.fromEntries(originalHeaders) }).bytes),
      [names.stubDetail]: stubDetailOf(detail),
    },
  };
}

/** Dead letters of one partition and one reason that share a stub; the stub has their first and last offset. */
export interface Run {
  readonly first: DeadLetter;
  /** The size of the first letter's record. */
  readonly bytes: number;
  /** Why the topic refuses the letter; set only if the run has a single letter. */
  readonly refusal?: string;
  last: DeadLetter;
  letters: number;
}

const bytesIn = ({ record }: DeadLetter): number => sizeOfOriginal(record).bytes;
export const runOf = (first: DeadLetter, bytes = bytesIn(first)): Run => ({ first, bytes, last: first, letters: 1 });

/** Adds a letter whose offset is after those of the run. */
export function addTo(run: Run, letter: DeadLetter): void {
  run.last = letter;
  run.letters += 1;
}

/** Returns the stub for all letters of a run. */
export function stubOfRun(run: Run, by: Parker, partitions: number): OutgoingRecord {
  const { first, bytes, refusal, last, letters } = run;
  const letter = emptyLetterOf(first, by, partitions);
  const isOne = letters === 1;
  return {
    ...letter,
    key: isOne ? keyFor(first.record.key) : (first.floodOf ?? null),
    headers: {
      ...letter.headers,
      [names.stub]: 'true',
      ...(isOne ? { [names.bytes]: String(bytes) } : extentOf(first, last, letters)),
      ...(refusal === undefined ? {} : { [names.stubDetail]: stubDetailOf(refusal) }),
    },
  };
}

// The offsets in between may include records that were handled or were parked for another reason.
const extentOf = (first: DeadLetter, last: DeadLetter, letters: number) => ({
  [names.firstOffset]: String(first.record.offset),
  [names.lastOffset]: last.extraHeaders?.[names.lastOffset] ?? String(last.record.offset),
  [names.letters]: String(letters),
});
