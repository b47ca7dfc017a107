import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { lz4Blocks } from './lz4-frame.ts';
import { claimOfBlocks, snappyBlocks } from './snappy.ts';

type Decompress = (compressed: Buffer, maxBytes: number) => Promise<Buffer>;

const gunzip = promisify(zlib.gunzip);

// Indexed by the codec number of a batch. Producers may use any of them.
const codecs: readonly { readonly name: string; readonly decompress: Decompress }[] = [
  { name: 'none', decompress: async (bytes) => bytes },
  { name: 'gzip', decompress: (bytes, maxOutputLength) => gunzip(bytes, { maxOutputLength, ...sizesFor(bytes) }) },
  { name: 'snappy', decompress: unsnappy },
  { name: 'lz4', decompress: (bytes, maxBytes) => joined(lz4Blocks(bytes), maxBytes) },
  { name: 'zstd', decompress: (bytes, maxBytes) => joined(zstdFrames(bytes, maxBytes), maxBytes) },
];

const sizesFor = ({ length }: Buffer) => ({ chunkSize: Math.min(256 * 1024, Math.max(1024, 4 * length)) });

export const codecNameOf = (codec: number): string => codecs[codec]?.name ?? `codec ${codec}`;
export const tooLarge = (maxBytes: number): string => `it is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB`;

/** Returns all bytes, or as text why they are damaged or more than `maxBytes`. Never rejects. */
export async function decompress(codec: number, compressed: Buffer, maxBytes: number): Promise<Buffer | string> {
  const found = codecs[codec];
  if (!found) return 'its compression codec is unknown';
  try {
    return await found.decompress(compressed, maxBytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === outputTooLarge ? tooLarge(maxBytes) : `it cannot be decompressed: ${message}`;
  }
}

/** The code of an error of zlib, and of ours. */
const outputTooLarge = 'ERR_BUFFER_TOO_LARGE';

// Each piece costs far more than its bytes if it is tiny. Producers fill theirs, mostly with 32 or 64 KiB.
const fewPieces = 16;
const fullPieceBytes = 16 * 1024;

async function unsnappy(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  requireWithin(maxBytes, claimOfBlocks(bytes));
  return joined(snappyBlocks(bytes, maxBytes), maxBytes);
}

function requireWithin(maxBytes: number, bytes: number): void {
  if (bytes > maxBytes) throw Object.assign(new RangeError(), { code: outputTooLarge });
}

async function joined(pieces: Iterable<Buffer> | AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const maxPieces = fewPieces + Math.floor(maxBytes / fullPieceBytes);
  const read: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    if (read.push(piece) > maxPieces) throw new RangeError(`it has more than ${maxPieces} compressed blocks or frames`);
    bytes += piece.length;
    requireWithin(maxBytes, bytes);
  }
  const [first = Buffer.alloc(0)] = read;
  return read.length > 1 ? Buffer.concat(read, bytes) : first;
}

interface ReadFrame {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
const readFrame = promisify(zlib.zstdDecompress) as (
  bytes: Buffer,
  options: zlib.ZstdOptions,
) => Promise<Buffer | ReadFrame>;

// Node reads one frame, even a skippable one; its `bytesWritten` is the length of that frame.
async function* zstdFrames(compressed: Buffer, maxOutputLength: number): AsyncGenerator<Buffer> {
  for (let rest = compressed; rest.length > 0; ) {
    const options = { maxOutputLength, ...sizesFor(rest), info: true };
    const { buffer, engine } = (await readFrame(rest, options)) as ReadFrame;
    yield buffer;
    rest = rest.subarray(engine.bytesWritten);
  }
}
