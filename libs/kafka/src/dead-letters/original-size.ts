import type { ConsumedRecord, OutgoingRecord } from '../record.ts';

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
