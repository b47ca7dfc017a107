import { describe, expect, it } from '@jest/globals';
import { codecOf, compressions, lengthed, rawBatch, rawRecord, varint } from '../../../test-fixtures/record-batches.ts';
import type { ConsumedHeaders } from '../../record.ts';
import { type FetchedMessage, FetchedRecord } from './fetched-record.ts';
import { readBatch, readRecordBatch } from './record-batch.ts';

const mib = 1024 * 1024;

async function read(batch: Buffer, maxBytes = mib): Promise<FetchedMessage[]> {
  const messages: FetchedMessage[] = [];
  await readBatch(batch, 0, batch.length, maxBytes, messages);
  return messages;
}

const offsetsOf = (messages: readonly { readonly offset: number }[]) => messages.map(({ offset }) => offset);
const records = (count: number, value: Buffer) =>
  Buffer.concat(Array.from({ length: count }, (_, i) => rawRecord(i, { value })));

describe('a record batch', () => {
  it.each(compressions)('that exceeds the limit is kept unchanged: %s', async (name, codec, compress) => {
    const body = await compress(records(1000, Buffer.alloc(4096, 'alert ')));
    const batch = rawBatch({ baseOffset: 7, codec, count: 1000, body });
    const detail =
      name === 'snappy, one block' ? expect.stringContaining('a block declares') : 'it is larger than 1 MiB';
    expect(await read(batch)).toMatchObject([{ offset: 1006, firstOffset: 7, detail, raw: batch }]);
  });

  it('of 8,000 alerts of 4.5 KB is read completely within 64 MiB', async () => {
    const [[, codec, compress]] = compressions as [(typeof compressions)[number]];
    const body = await compress(records(8000, Buffer.alloc(4500, 'alert ')));
    const messages = await read(rawBatch({ codec, count: 8000, body }), 64 * mib);
    expect([messages.length, messages.every((each) => each instanceof FetchedRecord)]).toEqual([8000, true]);
  });

  it('of very many tiny records or tiny headers is read up to the limit', async () => {
    const tiny = rawBatch({
      count: 10_000,
      body: Buffer.concat(Array.from({ length: 10_000 }, (_, i) => rawRecord(i))),
    });
    expect((await read(tiny)).length).toBe(mib / 256 + 1);
    const headers = Array.from({ length: 10_000 }, () => ['', null] as const);
    const wide = rawBatch({ count: 2, body: Buffer.concat([rawRecord(0), rawRecord(1, { headers })]) });
    expect(await read(wide)).toMatchObject([
      { offset: 0 },
      { offset: 1, firstOffset: 1, detail: 'it is larger than 1 MiB' },
    ]);
  });

  it('that compaction has left empty, or without its last records, ends at its last offset', async () => {
    const empty = await read(rawBatch({ baseOffset: 40, count: 0, lastOffsetDelta: 9, body: Buffer.alloc(0) }));
    expect(empty).toMatchObject([{ offset: 49, isControlRecord: true, key: null, value: null, headers: {} }]);
    const shortened = await read(rawBatch({ baseOffset: 40, count: 1, lastOffsetDelta: 9, body: rawRecord(3) }));
    expect(shortened).toMatchObject([
      { offset: 43, isControlRecord: false },
      { offset: 49, isControlRecord: true },
    ]);
  });

  const whole = rawRecord(1, { key: Buffer.from('key'), value: Buffer.from('value'), headers: [['name', null]] });
  const start = Buffer.concat([Buffer.from([0]), varint(0), varint(1)]);
  it.each<[string, Buffer]>([
    ['a record longer than the batch', Buffer.concat([varint(5000), whole.subarray(1)])],
    ['a record of negative length', Buffer.concat([varint(-5), whole.subarray(1)])],
    ['a record that is cut off', whole.subarray(0, 4)],
    ['a length that does not end', Buffer.alloc(40, 255)],
    ['a key longer than its record', lengthed(Buffer.concat([start, varint(9000), Buffer.from('k')]))],
    ['a value longer than its record', lengthed(Buffer.concat([start, varint(-1), varint(2 ** 31 - 1)]))],
    ['two billion headers', lengthed(Buffer.concat([start, varint(-1), varint(-1), varint(2 ** 31 - 1)]))],
    ['a negative number of headers', lengthed(Buffer.concat([start, varint(-1), varint(-1), varint(-3)]))],
    [
      'a header with a name of negative length',
      lengthed(Buffer.concat([start, varint(-1), varint(-1), varint(1), varint(-7), varint(0)])),
    ],
    [
      'bytes after its headers',
      lengthed(Buffer.concat([start, varint(-1), varint(-1), varint(0), Buffer.from('more')])),
    ],
    ['an offset before the one before it', rawRecord(0)],
    ['an offset beyond the batch', rawRecord(1_000_000)],
  ])('with %s is read up to the damage', async (_what, second) => {
    const third = rawRecord(2);
    const messages = await read(
      rawBatch({ baseOffset: 10, count: 3, body: Buffer.concat([rawRecord(0), second, third]) }),
    );
    expect(messages[0]).toBeInstanceOf(FetchedRecord);
    expect(messages.slice(1)).toMatchObject([{ offset: 12, firstOffset: 11, codec: 'none' }]);
  });

  it.each([2 ** 31 - 1, 1000])('that claims to have %i records is read to its end', async (count) => {
    const messages = await read(rawBatch({ baseOffset: 10, count, lastOffsetDelta: 4, body: rawRecord(0) }));
    expect(messages).toMatchObject([{ offset: 10 }, { offset: 14, firstOffset: 11 }]);
  });

  it.each([5, 6, 7])('of the unknown codec %i is kept unchanged', async (codec) => {
    const batch = rawBatch({ codec, count: 1, body: rawRecord(0) });
    expect(await read(batch)).toMatchObject([{ firstOffset: 0, codec: `codec ${codec}`, raw: batch }]);
  });

  it('of an older format is kept unchanged', async () => {
    const batch = rawBatch({ baseOffset: 6, count: 1, body: rawRecord(0) });
    batch.writeInt8(1, 16);
    expect(await read(batch)).toMatchObject([{ offset: 6, firstOffset: 6, raw: batch }]);
  });
});

describe('the headers of a record', () => {
  const headersOf = async (headers: Parameters<typeof rawRecord>[1]): Promise<ConsumedHeaders> =>
    (await read(rawBatch({ count: 1, body: rawRecord(0, headers) }), 64 * mib))[0]?.headers ?? {};

  it('may be null, repeated, of any name, and of bytes that are not UTF-8', async () => {
    const headers = await headersOf({
      headers: [
        ['traceparent', null],
        ['twice', Buffer.from('a')],
        ['twice', null],
        ['__proto__', Buffer.from('b')],
        ['toString', null],
        [Buffer.from([0xff]), Buffer.from([0xfe])],
      ],
    });
    expect(Object.entries(headers)).toEqual([
      ['traceparent', null],
      ['twice', [Buffer.from('a'), null]],
      ['__proto__', Buffer.from('b')],
      ['toString', null],
      ['\ufffd', Buffer.from([0xfe])],
    ]);
  });

  it('may be one of a mebibyte, or ten thousand', async () => {
    const long = Buffer.alloc(mib, 'x');
    const { long: value } = await headersOf({ headers: [['long', long]] });
    expect((value as Buffer).equals(long)).toBe(true);
    const many = Array.from({ length: 10_000 }, () => ['same', null] as const);
    expect(Object.values(await headersOf({ headers: many }))).toMatchObject([{ length: 10_000 }]);
  });
});

describe('a parked batch', () => {
  it('is read record by record with a higher limit', async () => {
    const [[, codec, compress]] = compressions as [(typeof compressions)[number]];
    const body = await compress(records(1000, Buffer.alloc(4096, 'alert ')));
    const bytes = rawBatch({ baseOffset: 7, codec, count: 1000, body });
    const unread = { firstOffset: 7, lastOffset: 1006, detail: 'it is larger than 1 MiB' };
    expect(await readRecordBatch(bytes, mib)).toEqual({ records: [], unread });
    const all = await readRecordBatch(bytes, 8 * mib);
    expect([all.records.length, all.records.at(-1)?.offset, all.unread]).toEqual([1000, 1006, undefined]);
  });

  it('has the reason if no record can be read', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(17), Buffer.alloc(100, 7)]) {
      expect(await readRecordBatch(bytes, mib)).toMatchObject({ records: [], unread: { detail: expect.any(String) } });
    }
    const broken = rawBatch({ baseOffset: 5, codec: codecOf.lz4, count: 3, body: Buffer.from('no lz4 at all') });
    expect((await readRecordBatch(broken, mib)).unread).toEqual({
      firstOffset: 5,
      lastOffset: 7,
      detail: 'it cannot be decompressed: an lz4 frame is missing',
    });
  });

  it('has no control records', async () => {
    const marker = rawBatch({ count: 1, body: rawRecord(0), attributes: 0x30 });
    expect(offsetsOf((await readRecordBatch(marker, mib)).records)).toEqual([]);
  });
});
