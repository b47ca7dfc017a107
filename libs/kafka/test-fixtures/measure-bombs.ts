import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { exitCodeOf, exitCodes, optionsOf } from '@pagebridge/programs';
import { compressFrameSync } from 'lz4-napi';
import { readFetchResponse } from '../src/driver/protocol/fetch-response.ts';
import { codecOf, fetchAnswer, pieces, rawBatch, rawRecord, xerial } from './record-batches.ts';

const help = `npm run measure:bombs: measures how much memory the worst record batches need

Each is decoded in separate processes, in an answer with twelve of them, one for each partition: in one fetch, and in three at once.

  --help  prints this text
`;
const mib = 1024 * 1024;
const bound = 64 * mib;

/** Writes this many bytes through a stream, and returns only its output. */
async function streamed(stream: NodeJS.ReadWriteStream, totalBytes: number): Promise<Buffer> {
  const out: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => out.push(chunk));
  const piece = Buffer.alloc(mib, 'alert ');
  const head = Buffer.concat([rawRecord(0, { value: piece }), rawRecord(1, { value: piece })]);
  stream.write(head);
  for (let written = 0; written < totalBytes; written += mib) {
    if (!stream.write(piece)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'end');
  return Buffer.concat(out);
}

const zstd = (windowLog: number) =>
  createZstdCompress({
    params: { [constants.ZSTD_c_windowLog]: windowLog, [constants.ZSTD_c_enableLongDistanceMatching]: 1 },
  });

const tiny = () => Buffer.concat(Array.from({ length: 1_000_000 }, (_, i) => rawRecord(i)));
const headers = () => {
  const few = Array.from({ length: 32 }, () => ['', null] as const);
  return Buffer.concat(Array.from({ length: 400_000 }, (_, i) => rawRecord(i, { headers: few })));
};

const bombs: Record<string, () => Promise<readonly [codec: number, body: Buffer]>> = {
  nothing: async () => [codecOf.none, rawRecord(0)],
  'zstd, 300 MiB': async () => [codecOf.zstd, await streamed(zstd(21), 300 * mib)],
  'zstd, 300 MiB, window of 128 MiB': async () => [codecOf.zstd, await streamed(zstd(27), 300 * mib)],
  'gzip, 1 GiB': async () => [codecOf.gzip, await streamed(createGzip(), 1024 * mib)],
  'lz4, 400 MiB': async () => [codecOf.lz4, compressFrameSync(Buffer.alloc(400 * mib))],
  'snappy, 170 MiB': async () => [codecOf.snappy, xerial(pieces(Buffer.alloc(170 * mib)))],
  'snappy, 63 MiB and a damaged end': async () => [
    codecOf.snappy,
    Buffer.concat([xerial(pieces(Buffer.alloc(63 * mib))), Buffer.from('000000010f', 'hex')]),
  ],
  'a million records of nothing, zstd': async () => [codecOf.zstd, await compressed(tiny())],
  '400,000 records of 32 empty headers, zstd': async () => [codecOf.zstd, await compressed(headers())],
};

async function compressed(bytes: Buffer): Promise<Buffer> {
  const out: Buffer[] = [];
  const stream = zstd(21).on('data', (chunk: Buffer) => out.push(chunk));
  stream.end(bytes);
  await once(stream, 'end');
  return Buffer.concat(out);
}

async function peakOf(answer: Buffer, atOnce: number): Promise<void> {
  const startedAt = performance.now();
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  for (let round = 0; round < 12; round += 1) {
    const answers = await Promise.all(Array.from({ length: atOnce }, () => readFetchResponse(answer, bound)));
    for (const { responses } of answers) {
      // Decodes every record, like a consumer.
      for (const { messages } of responses.flatMap(({ partitions }) => partitions)) {
        for (const { key, value, headers } of messages) if (key && value && headers) process.exitCode = 1;
      }
    }
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  clearInterval(timer);
  const ms = Math.round((performance.now() - startedAt) / 12);
  process.send?.({ peak: Math.round((peak - before) / mib), ms });
}

async function measureAll(): Promise<void> {
  process.stdout.write('bomb | bytes | MiB more for one fetch | ms | MiB more for three at once\n');
  for (const [name, make] of Object.entries(bombs)) {
    const [codec, body] = await make();
    const set = rawBatch({ codec, count: 1_000_000, body });
    const partitions = Array.from({ length: 12 }, (_, i) =>
      i === 0 || body.length < mib ? set : set.subarray(0, 512 * 1024),
    );
    const answer = fetchAnswer(...partitions);
    const results: { peak: number; ms: number }[] = [];
    for (const atOnce of [1, 3]) {
      const child = fork(import.meta.filename, [`--at-once=${atOnce}`], { serialization: 'advanced' });
      child.send(answer);
      const [result] = (await once(child, 'message')) as [{ peak: number; ms: number }];
      results.push(result);
      await once(child, 'exit');
    }
    const [one, three] = results;
    process.stdout.write(`${name} | ${body.length} | ${one?.peak} | ${one?.ms} | ${three?.peak}\n`);
  }
}

async function measureInChild(atOnce: number): Promise<void> {
  const [answer] = (await once(process, 'message')) as [Uint8Array];
  await peakOf(Buffer.from(answer), atOnce);
  process.disconnect();
}

process.exitCode = await exitCodeOf(async (line) => {
  // Only the children that this program forks get the option.
  const values = optionsOf(line, { 'at-once': { type: 'string' } });
  if (!values) process.stdout.write(help);
  else if (values['at-once'] === undefined) await measureAll();
  else await measureInChild(Number(values['at-once']));
  return exitCodes.done;
});
