import type { ConsumedHeaders, OutgoingRecord } from './record.ts';

export const batchOverheadBytes = 61;
const recordOverheadBytes = 26;
const headerOverheadBytes = 10;

// Up to this size a quick upper bound is enough: three bytes for each UTF-16 unit of the key and the headers.
const boundUpTo = 64 * 1024;
const boundOf = (text: string | Buffer): number => (typeof text === 'string' ? text.length * 3 : text.length);
const lengthOf = (text: string | Buffer): number => (typeof text === 'string' ? Buffer.byteLength(text) : text.length);

type Sized = Pick<OutgoingRecord, 'key' | 'value'> & { readonly headers: ConsumedHeaders };

/** Returns an upper bound of the bytes that a record takes in an uncompressed batch; nearly exact for large records. */
export function sizeOf(record: Sized): number {
  const bound = sum(record, boundOf);
  return bound <= boundUpTo ? bound : sum(record, lengthOf);
}

function sum({ key, value, headers }: Sized, measure: (text: string | Buffer) => number): number {
  let bytes = recordOverheadBytes + measure(key ?? '') + lengthOf(value ?? '');
  for (const name in headers) {
    const header = headers[name];
    const nameBytes = headerOverheadBytes + measure(name);
    if (!Array.isArray(header)) bytes += nameBytes + measure(header ?? '');
    else for (const each of header) bytes += nameBytes + measure(each ?? '');
  }
  return bytes;
}

/** Returns why the record can never be written, as one sentence; undefined if it can. */
export function faultOf({ topic, key }: OutgoingRecord, bytes: number, maxBytes: number): string | undefined {
  if (Number.isNaN(bytes))
    return `A record for ${topic} has a key, value or header that is neither a string nor a Buffer`;
  if (bytes + batchOverheadBytes > maxBytes) {
    return `A record of ${bytes} bytes for ${topic} is larger than the maximum of ${maxBytes}`;
  }
  // UTF-8 would replace half a surrogate pair by U+FFFD, so that different keys would become the same.
  if (typeof key === 'string' && !key.isWellFormed()) {
    return `The key of a record for ${topic} has half a surrogate pair, which UTF-8 cannot encode`;
  }
  return undefined;
}
