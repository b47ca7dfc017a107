import { setImmediate } from 'node:timers/promises';
import { uncompressSync } from 'snappy';
import type { BoundedOutput } from './bounded-output.ts';

// https://github.com/google/snappy/blob/main/format_description.txt
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;
// The blocks to decompress before yielding to the event loop, because they may be tiny.
const blocksPerTurn = 256;
// The maximum growth factor of a block.
const maxGrowth = 64;

/** Decompresses blocks framed by Java clients (xerial), or the bare block of other clients; throws on other bytes. */
export async function unsnappy(compressed: Buffer, output: BoundedOutput): Promise<void> {
  if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) {
    unsnappyBlock(compressed, output);
    return;
  }
  let blocks = 0;
  for (let at = xerialHeaderBytes; at < compressed.length && !output.isFull; ) {
    const end = at + 4 + compressed.readUInt32BE(at);
    if (end > compressed.length) throw new RangeError('a block ends after the batch');
    unsnappyBlock(compressed.subarray(at + 4, end), output);
    at = end;
    blocks += 1;
    if (blocks % blocksPerTurn === 0) await setImmediate();
  }
}

// The package allocates the length that the block begins with, seven bits in each byte, and opens all or nothing.
function unsnappyBlock(block: Buffer, output: BoundedOutput): void {
  let length = 0;
  for (let n = 0; n < 5; n += 1) {
    const byte = block[n] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) break;
  }
  if (length > Math.min(output.maxBytes, maxGrowth * block.length))
    throw new RangeError(`a block claims ${length} bytes`);
  output.write(uncompressSync(block) as Buffer);
}
