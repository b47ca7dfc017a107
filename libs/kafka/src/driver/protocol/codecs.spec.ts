import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codecOf, compressions, pieces, xerial } from '../../../test-fixtures/record-batches.ts';
import { decompress } from './codecs.ts';

const mib = 1024 * 1024;
const text = Buffer.concat([Buffer.from('page the on-call of another org, '.repeat(9000)), randomBytes(70_000)]);

describe('decompression', () => {
  it.each(compressions)('of %s returns the original bytes', async (_name, codec, compress) => {
    for (const bytes of [text, text.subarray(0, 1)]) {
      const read = await decompress(codec, await compress(bytes), mib);
      expect(Buffer.isBuffer(read) && read.equals(bytes)).toBe(true);
    }
  });

  it.each(compressions)('of %s beyond the limit returns the reason instead of bytes', async (name, codec, compress) => {
    const large = Buffer.concat([text, Buffer.alloc(20 * mib)]);
    const claim = `it cannot be decompressed: a block declares ${large.length} bytes`;
    const reason = name === 'snappy, one block' ? claim : 'it is larger than 1 MiB';
    expect(await decompress(codec, await compress(large), mib)).toBe(reason);
  });

  it.each(compressions)('of %s that is damaged returns the reason instead of bytes', async (_name, codec, compress) => {
    const compressed = await compress(text);
    const reason = await decompress(codec, compressed.subarray(0, -60_000), mib);
    expect(reason).toMatch(/^it cannot be decompressed: /);
  });

  it('reports an unknown codec', async () => {
    expect(await decompress(6, text, mib)).toBe('its compression codec is unknown');
  });

  it('ends within its limit for any bytes', async () => {
    const whole = await Promise.all(
      compressions.map(async ([, codec, compress]) => ({
        codec,
        compressed: await compress(text.subarray(0, 90_000)),
      })),
    );
    const anything = fc.tuple(
      fc.constantFrom(...whole),
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc.nat(),
      fc.nat(),
    );
    await fc.assert(
      fc.asyncProperty(anything, async ([{ codec, compressed }, noise, place, start]) => {
        const bytes = Buffer.from(compressed);
        bytes.set(noise.subarray(0, bytes.length), place % Math.max(1, bytes.length - noise.length));
        // The damaged bytes, or only the noise.
        const given = start % 3 === 0 ? Buffer.from(noise) : bytes;
        const read = await decompress(codec, given, 100_000);
        expect(typeof read === 'string' || read.length <= 100_000).toBe(true);
      }),
    );
  });

  it('does not allocate the size that a block of lz4 claims', async () => {
    // A frame with blocks of up to 4 MiB, of which each holds one byte.
    const blocks = Buffer.from('02000000' + '1061', 'hex');
    const frame = Buffer.concat([Buffer.from('04224d18607000', 'hex'), ...Array(70).fill(blocks), Buffer.alloc(4)]);
    expect(String(await decompress(codecOf.lz4, frame, mib))).toBe('a'.repeat(70));
  });

  it('does not allocate the size that a block of snappy claims', async () => {
    const reason = await decompress(codecOf.snappy, Buffer.from('ffff7f00' + '61', 'hex'), 64 * mib);
    expect(reason).toBe('it cannot be decompressed: a block declares 2097151 bytes');
  });

  it('decompresses no block of snappy if they claim more than the limit together', async () => {
    const compressed = xerial(pieces(Buffer.alloc(20 * mib)));
    // What follows the header, the length and the claim of the first block is damaged.
    compressed.fill(0xff, 30, 40);
    expect(await decompress(codecOf.snappy, compressed, mib)).toBe('it is larger than 1 MiB');
  });

  describe('of zstd', () => {
    const [first, second] = [text.subarray(0, 100_000), text.subarray(100_000)];
    const frames = [first, second, Buffer.from('end')].map((part) => zlib.zstdCompressSync(part));
    // A frame with data that decoders must ignore: https://www.rfc-editor.org/rfc/rfc8878#name-skippable-frames
    const skippable = Buffer.from('502a4d180500000068656c6c6f', 'hex');

    it.each([
      ['all frames', frames],
      ['frames after a skippable one', [skippable, ...frames, skippable]],
      ['frames after an empty one', [zlib.zstdCompressSync(''), ...frames]],
    ])('decompresses %s', async (_what, parts) => {
      const read = await decompress(codecOf.zstd, Buffer.concat(parts), mib);
      expect(Buffer.isBuffer(read) && read.equals(Buffer.concat([text, Buffer.from('end')]))).toBe(true);
    });

    it.each([
      ['is no frame', Buffer.from('this is no frame')],
      ['is a frame that is cut off', zlib.zstdCompressSync(second).subarray(0, -10)],
    ])('reports that the part after a frame %s', async (_what, rest) => {
      const reason = await decompress(codecOf.zstd, Buffer.concat([...frames.slice(0, 1), rest]), mib);
      expect(reason).toMatch(/^it cannot be decompressed: /);
    });

    it('stops at the limit of bytes, and at a limit of frames', async () => {
      expect(await decompress(codecOf.zstd, Buffer.concat(frames), 150_000)).toMatch(/^it is larger than/);
      const tiny = Buffer.alloc(10 * 1024, zlib.zstdCompressSync('a'));
      const reason = await decompress(codecOf.zstd, tiny, mib);
      expect(reason).toBe('it cannot be decompressed: it has more than 80 compressed blocks or frames');
    });
  });
});
