import { uncompressSync } from 'snappy';

// https://github.com/google/snappy/blob/main/format_description.txt
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;
// The maximum growth factor of a block.
const maxGrowth = 64;

/** Yields the content of blocks framed by Java clients (xerial), or of the bare block of others; throws on other bytes. */
export function* snappyBlocks(compressed: Buffer, maxBytes: number): Generator<Buffer> {
  if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) {
    yield uncompressed(compressed, maxBytes);
    return;
  }
  for (let at = xerialHeaderBytes; at < compressed.length; ) {
    const end = at + 4 + compressed.readUInt32BE(at);
    if (end > compressed.length) throw new RangeError('a block ends after the batch');
    yield uncompressed(compressed.subarray(at + 4, end), maxBytes);
    at = end;
  }
}

// The package allocates the length that the block begins with, seven bits in each byte.
function uncompressed(block: Buffer, maxBytes: number): Buffer {
  let length = 0;
  for (let n = 0; n < 5; n += 1) {
    const byte = block[n] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) break;
  }
  if (length > Math.min(maxBytes, maxGrowth * block.length)) throw new RangeError(`a block claims ${length} bytes`);
  return uncompressSync(block) as Buffer;
}
