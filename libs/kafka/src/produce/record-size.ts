import type { OutgoingRecord } from '../record.ts';

export const batchOverheadBytes = 61;
const recordOverheadBytes = 26;
const headerOverheadBytes = 10;

// Up to here a size is a quick bound: three bytes for each character of keys and headers, which are nearly all ASCII.
const boundUpTo = 64 * 1024;
const boundOf = (text: string | Buffer): number => (typeof text === 'string' ? text.length * 3 : text.length);
const lengthOf = (text: string | Buffer): number => (typeof text === 'string' ? Buffer.byteLength(text) : text.length);

/** The most bytes of a record in an uncompressed batch; nearly exact for large records. */
export function sizeOf(record: OutgoingRecord): number {
  const bound = sum(record, boundOf);
  return bound <= boundUpTo ? bound : sum(record, lengthOf);
}

function sum({ key, value, headers }: OutgoingRecord, measure: (text: string | Buffer) => number): number {
  let bytes = recordOverheadBytes + measure(key ?? '') + lengthOf(value ?? '');
  for (const name in headers) {
    const header = headers[name];
    const nameBytes = headerOverheadBytes + measure(name);
    if (!Array.isArray(header)) bytes += nameBytes + measure(header ?? '');
    else for (const each of header) bytes += nameBytes + measure(each ?? '');
  }
  return bytes;
}

/** Why the record can never be written, as one sentence; undefined where nothing speaks against it. */
export function faultOf({ topic, key }: OutgoingRecord, bytes: number, maxBytes: number): string | undefined {
  if (Number.isNaN(bytes)) return `A record for ${topic} holds what is neither text nor bytes`;
  if (bytes + batchOverheadBytes > maxBytes) {
    return `A record of ${bytes} bytes for ${topic} is over the bound of ${maxBytes}`;
  }
  // Half a surrogate pair would become U+FFFD: another key, and the same for several.
  if (typeof key === 'string' && !key.isWellFormed()) {
    return `The key of a record for ${topic} has half a surrogate pair, which UTF-8 cannot carry`;
  }
  return undefined;
}
