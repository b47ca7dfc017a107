/// <reference path="./snappyjs.d.ts" />
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import { decompressFrame } from 'lz4-napi';
import snappy from 'snappyjs';
import { KafkaError } from './errors.ts';

// Alerts come from other orgs' producers, compressed as they like, and kafkajs knows gzip alone: any other codec would
// end the consumer. A batch beyond this bound is a decompression bomb, not an alert; in bytes.
const maxOutputLength = 256 * 1024 * 1024;

const gzip = promisify(zlib.gzip);
const gunzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const zstdCompress = promisify(zlib.zstdCompress);
const zstdDecompress = promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;

/** Java frames snappy blocks by xerial's rules, other clients send one bare block. */
function unsnappy(compressed: Buffer): Buffer {
  if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) {
    return snappy.uncompress(compressed, maxOutputLength);
  }
  const blocks: Buffer[] = [];
  for (let at = xerialHeaderBytes; at < compressed.length; ) {
    const end = at + 4 + compressed.readInt32BE(at);
    blocks.push(snappy.uncompress(compressed.subarray(at + 4, end), maxOutputLength));
    at = end;
  }
  return Buffer.concat(blocks);
}

/** A batch that no retry will make readable; the bytes stay in the log. */
export class UndecodableBatchError extends KafkaError {
  override readonly name = 'UndecodableBatchError';
  constructor(codec: string, cause: unknown) {
    super('KAFKA.UNDECODABLE', false, `A ${codec} batch cannot be decompressed: ${(cause as Error).message}`, {
      cause,
    });
  }
}

interface Encoder {
  readonly buffer: Buffer;
}

const codecs: Record<number, () => unknown> = kafkajs.CompressionCodecs;

function register(type: number, name: string, decompress: (b: Buffer) => Buffer | Promise<Buffer>, compress?: unknown) {
  codecs[type] = () => ({
    compress,
    decompress: async (compressed: Buffer) => {
      try {
        return await decompress(compressed);
      } catch (error) {
        throw new UndecodableBatchError(name, error);
      }
    },
  });
}

const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
register(
  GZIP,
  'gzip',
  (compressed) => gunzip(compressed, { maxOutputLength }),
  (encoder: Encoder) => gzip(encoder.buffer),
);
register(Snappy, 'snappy', unsnappy);
register(LZ4, 'lz4', (compressed) => decompressFrame(compressed));
register(
  ZSTD,
  'zstd',
  (compressed) => zstdDecompress(compressed, { maxOutputLength }),
  (encoder: Encoder) => zstdCompress(encoder.buffer),
);
