import { isDeadLetterHeader, deadLetterHeaders as names } from '@pagebridge/vocabulary';
import type { ConsumedRecord, OutgoingRecord } from '../record.ts';
import { readable } from './dead-letter.ts';

// A stub omits a longer key, because the key may be what makes the letter too large.
const maxKeyBytes = 1024;
const maxDetailLength = 256;

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
    key: letter.key && letter.key.length <= maxKeyBytes ? letter.key : null,
    value: null,
    headers: {
      ...Object.fromEntries([...originalHeaders.filter(([name]) => kept.includes(name)), ...letterHeaders]),
      [names.stub]: 'true',
      [names.bytes]: String(sizeOfOriginal({ ...letter, headers: Object.fromEntries(originalHeaders) }).bytes),
      [names.stubDetail]: readable(detail.slice(0, maxDetailLength)),
    },
  };
}

type Sized = Pick<ConsumedRecord | OutgoingRecord, 'key' | 'value' | 'headers'>;

/** Returns the bytes of key, value and headers, and the number of headers, in one pass: there may be very many. */
export function sizeOfOriginal({ key, value, headers }: Sized): { readonly bytes: number; readonly headers: number } {
  let bytes = Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? '');
  let count = 0;
  for (const [name, header] of Object.entries(headers)) {
    bytes += Buffer.byteLength(name);
    const values = Array.isArray(header) ? header : [header];
    for (const each of values) bytes += Buffer.byteLength(each ?? '');
    count += values.length;
  }
  return { bytes, headers: count };
}
