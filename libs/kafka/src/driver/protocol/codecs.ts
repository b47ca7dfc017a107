import zlib from 'node:zlib';
import { BoundedOutput } from './bounded-output.ts';
import { unlz4 } from './lz4-frame.ts';
import { unsnappy } from './snappy.ts';

export interface Decompressed {
  readonly bytes: Buffer;
  /** Why the bytes end here; undefined if they are complete. */
  readonly fault?: string;
}

type Decompress = (compressed: Buffer, output: BoundedOutput) => Promise<void> | void;

// Indexed by the codec number of a batch. Producers may use any of them.
const codecs: readonly { readonly name: string; readonly decompress: Decompress }[] = [
  { name: 'none', decompress: (bytes, output) => output.write(bytes) },
  { name: 'gzip', decompress: (bytes, output) => drain(zlib.createGunzip(sizesFor(bytes)), bytes, output) },
  { name: 'snappy', decompress: unsnappy },
  { name: 'lz4', decompress: unlz4 },
  { name: 'zstd', decompress: unzstd },
];

const expectedBytes = ({ length }: Buffer): number => Math.max(1024, 4 * length);
const sizesFor = (compressed: Buffer) => ({ chunkSize: Math.min(256 * 1024, expectedBytes(compressed)) });

export const codecNameOf = (codec: number): string => codecs[codec]?.name ?? `codec ${codec}`;

/**
 * Decompresses at most `maxBytes`. For a decompression bomb or damaged bytes, returns the part before the limit or the
 * damage. Never rejects.
 */
export async function decompress(codec: number, compressed: Buffer, maxBytes: number): Promise<Decompressed> {
  const output = new BoundedOutput(maxBytes, expectedBytes(compressed));
  try {
    const found = codecs[codec];
    if (!found) return { bytes: output.bytes, fault: 'it is compressed by an unknown codec' };
    await found.decompress(compressed, output);
  } catch (error) {
    return { bytes: output.bytes, fault: `it cannot be decompressed: ${(error as Error).message}` };
  }
  return { bytes: output.bytes, ...(output.isFull ? { fault: tooLarge(maxBytes) } : {}) };
}

export const tooLarge = (maxBytes: number): string => `it takes more than ${Math.round(maxBytes / 1024 / 1024)} MiB`;

// Nearly all producers write one frame. Each frame needs a stream, which costs far more than the bytes of a tiny frame.
const maxFramesIn = ({ length }: Buffer): number => 4 + Math.floor(length / 1024);

// Node's stream ends after the first frame, even a skippable one; its `bytesWritten` is the length of that frame.
async function unzstd(compressed: Buffer, output: BoundedOutput): Promise<void> {
  const maxFrames = maxFramesIn(compressed);
  let rest = compressed;
  for (let frames = 0; rest.length > 0 && !output.isFull; frames += 1) {
    if (frames === maxFrames) throw new RangeError(`it has more than ${maxFrames} frames`);
    const stream = zlib.createZstdDecompress(sizesFor(rest));
    await drain(stream, rest, output);
    if (stream.bytesWritten === 0) throw new RangeError('there is no zstd frame');
    rest = rest.subarray(stream.bytesWritten);
  }
}

async function drain(
  stream: zlib.Gunzip | zlib.ZstdDecompress,
  compressed: Buffer,
  output: BoundedOutput,
): Promise<void> {
  stream.end(compressed);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    output.write(chunk);
    if (output.isFull) return;
  }
}
