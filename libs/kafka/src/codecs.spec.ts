import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { compressFrame } from 'lz4-napi';
import snappy from 'snappyjs';
import './codecs.ts';

type Codec = {
  decompress(compressed: Buffer): Promise<Buffer>;
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
};
const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
const codecOf = (type: number) => (kafkajs.CompressionCodecs as Record<number, () => Codec>)[type]?.() as Codec;
const text = Buffer.from('page the on-call of another org, '.repeat(500));

/** As Java's SnappyOutputStream frames it: a header of 16 bytes, then blocks with their lengths. */
function xerial(blocks: readonly Buffer[]): Buffer {
  const header = Buffer.from('82534e415050590000000001' + '00000001', 'hex');
  const parts = blocks.map((block) => {
    const compressed = snappy.compress(block);
    const length = Buffer.alloc(4);
    length.writeInt32BE(compressed.length);
    return Buffer.concat([length, compressed]);
  });
  return Buffer.concat([header, ...parts]);
}

describe('codecs', () => {
  it.each([
    ['gzip', GZIP, async () => promisify(zlib.gzip)(text)],
    ['snappy, one block', Snappy, async () => snappy.compress(text)],
    ['snappy, framed as Java does', Snappy, async () => xerial([text.subarray(0, 700), text.subarray(700)])],
    ['lz4', LZ4, async () => compressFrame(text)],
    ['zstd', ZSTD, async () => promisify(zlib.zstdCompress)(text)],
  ])('decode %s', async (_name, type, compress) => {
    expect((await codecOf(type).decompress(await compress())).equals(text)).toBe(true);
  });

  it('encode zstd for large dead letters', async () => {
    const compressed = await codecOf(ZSTD).compress({ buffer: text });
    expect(compressed.length).toBeLessThan(200);
    expect((await codecOf(ZSTD).decompress(compressed)).equals(text)).toBe(true);
  });

  it.each([
    ['gzip', GZIP],
    ['snappy', Snappy],
    ['lz4', LZ4],
    ['zstd', ZSTD],
  ])('name %s, and that no retry helps, when bytes are broken', async (name, type) => {
    await expect(codecOf(type).decompress(Buffer.from('not compressed at all'))).rejects.toMatchObject({
      message: expect.stringContaining(`A ${name} batch cannot be decompressed`),
      retriable: false,
    });
  });
});
