import { isDeadLetterHeader, deadLetterHeaders as names } from '@pagebridge/vocabulary';
import type { OutgoingRecord } from '../record.ts';
import { type DeadLetter, emptyLetterOf, type Parker, readable } from './dead-letter.ts';
import { sizeOfOriginal } from './original-size.ts';

// A longer key is cut: it may be what makes the letter too large.
const maxKeyBytes = 1024;
const maxDetailLength = 256;

const keyFor = (key: OutgoingRecord['key']): OutgoingRecord['key'] => (key && key.length <= maxKeyBytes ? key : null);

const stubDetailOf = (detail: string): string => readable(detail.slice(0, maxDetailLength));

/**
 * The stub of a dead letter that its topic refuses; the original stays in its own topic until retention. `detail`: why it
 * is refused; `kept`: headers of the original that the stub keeps.
 */
export function stubOf(letter: OutgoingRecord, detail: string, kept: readonly string[] = []): OutgoingRecord {
  const headers = Object.entries(letter.headers);
  const ours = headers.filter(([name]) => isDeadLetterHeader(name));
  const theirs = headers.filter(([name]) => !isDeadLetterHeader(name));
  return {
    ...letter,
    key: keyFor(letter.key),
    value: null,
    headers: {
      ...Object.fromEntries([...theirs.filter(([name]) => kept.includes(name)), ...ours]),
      [names.stub]: 'true',
      [names.bytes]: String(sizeOfOriginal({ ...letter, headers: Object.fromEntries(theirs) }).bytes),
      [names.stubDetail]: stubDetailOf(detail),
    },
  };
}

/** Dead letters of one partition and one reason that share a stub, which names the first and the last offset. */
export interface Run {
  readonly first: DeadLetter;
  /** Of the first one's record. */
  readonly bytes: number;
  /** Why the topic refuses the first one, which then is the only one. */
  readonly refusal?: string;
  last: DeadLetter;
  letters: number;
}

export const runOf = (letter: DeadLetter, bytes = sizeOfOriginal(letter.record).bytes): Run => ({
  first: letter,
  bytes,
  last: letter,
  letters: 1,
});

/** A letter that comes after all of the run. */
export function addTo(run: Run, letter: DeadLetter): void {
  run.last = letter;
  run.letters += 1;
}

/** One stub for all of a run. */
export function stubOfRun(run: Run, by: Parker, partitions: number): OutgoingRecord {
  const { first, bytes, refusal, last, letters } = run;
  const letter = emptyLetterOf(first, by, partitions);
  const isOne = letters === 1;
  return {
    ...letter,
    key: isOne ? keyFor(first.record.key) : null,
    headers: {
      ...letter.headers,
      [names.stub]: 'true',
      ...(isOne ? { [names.bytes]: String(bytes) } : extentOf(first, last, letters)),
      ...(refusal === undefined ? {} : { [names.stubDetail]: stubDetailOf(refusal) }),
    },
  };
}

// Between the offsets there may be others, which were handled or have another reason.
const extentOf = (first: DeadLetter, last: DeadLetter, letters: number) => ({
  [names.firstOffset]: String(first.record.offset),
  [names.lastOffset]: last.further?.[names.lastOffset] ?? String(last.record.offset),
  [names.letters]: String(letters),
});
