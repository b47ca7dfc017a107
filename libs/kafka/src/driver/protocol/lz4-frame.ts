import { uncompressSync } from 'lz4-napi';

// lz4-napi decompresses frames without a limit, so this file splits them into blocks. Checksums are not verified: the
// broker has verified the checksum of the batch. https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
const magic = 0x184d2204;
const isStored = 0x80000000;
const historyBytes = 64 * 1024;
// The maximum growth factor of a block.
const maxGrowth = 255;

/** Yields the content of the blocks of lz4 frames, linked or independent; throws on other bytes. */
export function* lz4Blocks(compressed: Buffer): Generator<Buffer> {
  for (let at = 0; at < compressed.length; ) {
    const frame = frameAt(compressed, at);
    at = frame.at;
    let history = Buffer.alloc(0);
    for (let field = compressed.readUInt32LE(at); field !== 0; field = compressed.readUInt32LE(at)) {
      const length = field & ~isStored;
      const block = compressed.subarray(at + 4, at + 4 + length);
      if (block.length < length) throw new RangeError('a block ends after the batch');
      const content = field >= isStored ? block : uncompressed(block, frame.maxBlockBytes, history);
      yield content;
      if (frame.isLinked) history = Buffer.concat([history, content]).subarray(-historyBytes);
      at += 4 + length + frame.blockChecksumBytes;
    }
    at += 4 + frame.contentChecksumBytes;
  }
}

interface Frame {
  readonly at: number;
  readonly maxBlockBytes: number;
  readonly isLinked: boolean;
  readonly blockChecksumBytes: number;
  readonly contentChecksumBytes: number;
}

function frameAt(bytes: Buffer, start: number): Frame {
  if (bytes.readUInt32LE(start) !== magic) throw new RangeError('an lz4 frame is missing');
  const flags = bytes.readUInt8(start + 4);
  const has = (bit: number, size: number) => ((flags & bit) > 0 ? size : 0);
  // A dictionary is not supported.
  if (flags >>> 6 !== 1 || has(1, 1)) throw new RangeError('an lz4 frame has an unknown version');
  const sizeCode = (bytes.readUInt8(start + 5) >>> 4) & 7;
  if (sizeCode < 4) throw new RangeError('an lz4 frame has an unknown block size');
  return {
    at: start + 7 + has(0x08, 8),
    maxBlockBytes: 1 << (8 + 2 * sizeCode),
    isLinked: (flags & 0x20) === 0,
    blockChecksumBytes: has(0x10, 4),
    contentChecksumBytes: has(0x04, 4),
  };
}

function uncompressed(block: Buffer, maxBlockBytes: number, history: Buffer): Buffer {
  // lz4-napi allocates the size that it reads in the four bytes before the block.
  const sized = Buffer.allocUnsafe(4 + block.length);
  sized.writeUInt32LE(Math.min(maxBlockBytes, block.length * maxGrowth));
  block.copy(sized, 4);
  return history.length > 0 ? uncompressSync(sized, history) : uncompressSync(sized);
}
