import { setImmediate } from 'node:timers/promises';
import type { BoundedOutput } from './bounded-output.ts';

// Packages for snappy decompress a block only as a whole, and the one without native code never returns for some
// lengths. https://github.com/google/snappy/blob/main/format_description.txt
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;
// The literals and copies to write before yielding to the event loop: there may be a million.
const elementsPerTurn = 10_000;

/** Decompresses blocks framed by Java clients (xerial), or the bare block of other clients; throws on other bytes. */
export async function unsnappy(compressed: Buffer, output: BoundedOutput): Promise<void> {
  const turns = { elements: 0 };
  if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) {
    await unsnappyBlock(compressed, output, turns);
    return;
  }
  for (let at = xerialHeaderBytes; at < compressed.length && !output.isFull; ) {
    const end = at + 4 + (at + 4 <= compressed.length ? compressed.readUInt32BE(at) : 0);
    if (end <= at + 4 || end > compressed.length) throw new RangeError('a block ends after the batch');
    await unsnappyBlock(compressed.subarray(at + 4, end), output, turns);
    at = end;
  }
}

async function unsnappyBlock(block: Buffer, output: BoundedOutput, turns: { elements: number }): Promise<void> {
  const start = output.length;
  let at = 0;
  // Skips the decompressed length: seven bits in each byte.
  while ((block[at++] ?? 0) >= 128) if (at > 5) throw new RangeError('the length has more than five bytes');
  while (at < block.length && !output.isFull) {
    turns.elements += 1;
    if (turns.elements % elementsPerTurn === 0) await setImmediate();
    const tag = block[at++] as number;
    const kind = tag & 3;
    const upper = tag >>> 2;
    if (kind === 0) {
      // A literal. The length of a long one follows in one to four bytes.
      const lengthBytes = Math.max(0, upper - 59);
      const length = (lengthBytes === 0 ? upper : readUInt(block, at, lengthBytes)) + 1;
      at += lengthBytes;
      if (at + length > block.length) throw new RangeError('a literal ends after its block');
      output.write(block.subarray(at, at + length));
      at += length;
      continue;
    }
    const offsetBytes = kind === 3 ? 4 : kind;
    const high = kind === 1 ? (upper >>> 3) << 8 : 0;
    const distance = high + readUInt(block, at, offsetBytes);
    at += offsetBytes;
    if (distance === 0 || distance > output.length - start) throw new RangeError('a copy begins before its block');
    output.repeat(distance, kind === 1 ? (upper & 7) + 4 : upper + 1);
  }
}

function readUInt(block: Buffer, at: number, bytes: number): number {
  if (at + bytes > block.length) throw new RangeError('the block ends too early');
  return block.readUIntLE(at, bytes);
}
