import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { codecOf, compressions } from '../test-fixtures/record-batches.ts';
import { decompress } from './codecs.ts';

const mib = 1024 * 1024;
const text = Buffer.concat([Buffer.from('page the on-call of another org, '.repeat(9000)), randomBytes(70_000)]);

describe('decompression', () => {
  it.each(compressions)('of %s gives what was compressed', async (_name, codec, compress) => {
    for (const bytes of [text, text.subarray(0, 1)]) {
      const { bytes: read, fault } = await decompress(codec, await compress(bytes), mib);
      expect([read.equals(bytes), fault]).toEqual([true, undefined]);
    }
  });

  it.each(compressions)('of %s stops at the bound, with what came before it', async (_name, codec, compress) => {
    const { bytes, fault } = await decompress(
      codec,
      await compress(Buffer.concat([text, Buffer.alloc(20 * mib)])),
      mib,
    );
    expect([bytes.length, bytes.subarray(0, text.length).equals(text)]).toEqual([mib, true]);
    expect(fault).toBe('it takes more than 1 MiB');
  });

  it.each(compressions)('of %s keeps what came before the damage', async (_name, codec, compress) => {
    const compressed = await compress(text);
    const { bytes, fault } = await decompress(codec, compressed.subarray(0, -60_000), mib);
    expect(bytes.equals(text.subarray(0, bytes.length))).toBe(true);
    expect(fault).toMatch(/^it cannot be decompressed: /);
  });

  it('says that a codec is unknown', async () => {
    expect((await decompress(6, text, mib)).fault).toBe('it is compressed by an unknown codec');
  });

  it('ends, within its bound, on any bytes', async () => {
    const anything = fc.tuple(
      fc.constantFrom(...compressions),
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc.nat(),
      fc.nat(),
    );
    await fc.assert(
      fc.asyncProperty(anything, async ([[, codec, compress], noise, place, start]) => {
        const bytes = await compress(text.subarray(0, 90_000));
        bytes.set(noise.subarray(0, bytes.length), place % Math.max(1, bytes.length - noise.length));
        // From the start, or only of the noise.
        const given = start % 3 === 0 ? Buffer.from(noise) : bytes;
        expect((await decompress(codec, given, 100_000)).bytes.length).toBeLessThanOrEqual(100_000);
      }),
    );
  });

  it('does not allocate what a block of lz4 claims', async () => {
    // A frame with blocks of up to 4 MiB, of which each holds one byte.
    const blocks = Buffer.from('02000000' + '1061', 'hex');
    const frame = Buffer.concat([Buffer.from('04224d18607000', 'hex'), ...Array(1000).fill(blocks), Buffer.alloc(4)]);
    expect((await decompress(codecOf.lz4, frame, mib)).bytes.toString()).toBe('a'.repeat(1000));
  });
});

describe('kafkajs', () => {
  it('compresses large dead letters with zstd', async () => {
    const codecs: Record<number, () => unknown> = kafkajs.CompressionCodecs;
    const zstd = codecs[codecOf.zstd]?.() as { compress(encoder: { buffer: Buffer }): Promise<Buffer> };
    const compressed = await zstd.compress({ buffer: text });
    expect((await promisify(zlib.zstdDecompress)(compressed)).equals(text)).toBe(true);
  });
});
