import { uncompressSync } from 'snappy';

// https://github.com/google/snappy/blob/main/format_description.txt
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;
// The maximum growth factor of a block.
const maxGrowth = 64;

const isFramed = (compressed: Buffer): boolean => compressed.subarray(0, xerialMagic.length).equals(xerialMagic);

/** Yields the content of blocks framed by Java clients (xerial), or of the bare block of others; throws on other bytes. */
export function* snappyBlocks(compressed: Buffer, maxBytes: number): Generator<Buffer> {
  if (!isFramed(compressed)) {
    yield uncompressed(compressed, maxBytes);
    return;
  }
  for (let at = xerialHeaderBytes; at < compressed.length; ) {
    const end = endOf(compressed, at);
    yield uncompressed(compressed.subarray(at + 4, end), maxBytes);
    at = end;
  }
}

/** Returns how many bytes framed blocks claim together, without decompressing any; 0 for a bare block. */
export function claimOfBlocks(compressed: Buffer): number {
  let claimed = 0;
  for (let at = isFramed(compressed) ? xerialHeaderBytes : compressed.length; at < compressed.length; ) {
    claimed += claimAt(compressed, at + 4);
    at = endOf(compressed, at);
  }
  return claimed;
}

function endOf(compressed: Buffer, at: number): number {
  const end = at + 4 + compressed.readUInt32BE(at);
  if (end > compressed.length) throw new RangeError('a block ends after the batch');
  return end;
}

function uncompressed(block: Buffer, maxBytes: number): Buffer {
  // The package allocates the length that the block begins with.
  const claimed = claimAt(block, 0);
  if (claimed > Math.min(maxBytes, maxGrowth * block.length)) throw new RangeError(`a block declares ${claimed} bytes`);
  // V8 does not count memory of the package, and would collect it too late.
  return uncompressSync(block, { copyOutputData: true }) as Buffer;
}

/** Returns the length that a block begins with, seven bits in each byte. */
function claimAt(bytes: Buffer, at: number): number {
  let length = 0;
  for (let n = 0; n < 5; n += 1) {
    const byte = bytes[at + n] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) break;
  }
  return length;
}
