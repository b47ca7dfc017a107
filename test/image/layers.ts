import { execFileSync } from 'node:child_process';
import { closeSync, createReadStream, mkdirSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** What an image says of itself, as far as it is looked at here. */
export interface ImageConfig {
  readonly User: string;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[];
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

/** An archive of an image, unpacked: its configuration, and its files as a container has them. */
export class Layers {
  readonly config: ImageConfig;
  readonly rootFiles: string;
  readonly #blobs: readonly string[];

  constructor(archive: string, folder: string) {
    rmSync(folder, { recursive: true, force: true });
    this.rootFiles = join(folder, 'root');
    mkdirSync(this.rootFiles, { recursive: true });
    execFileSync('tar', ['-xf', archive, '-C', folder]);
    const blob = (digest: string) => join(folder, 'blobs', ...digest.split(':'));
    const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
    const manifest = json(blob(json(join(folder, 'index.json')).manifests[0].digest));
    this.config = json(blob(manifest.config.digest)).config;
    this.#blobs = manifest.layers.map(({ digest }: { digest: string }) => blob(digest));
    for (const layer of this.#blobs) execFileSync('tar', ['-xf', layer, '-C', this.rootFiles, '--exclude=dev/*']);
  }

  /** Bytes that a registry keeps and a node fetches. */
  async packedBytes(): Promise<number> {
    const sizes = await Promise.all(this.#blobs.map((file) => (isGzip(file) ? statSync(file).size : zipped(file))));
    return sizes.reduce((total, size) => total + size, 0);
  }

  /** Mode, owner, size and path of each file, as tar lists it. */
  listing(): string[] {
    return this.#blobs.flatMap((layer) =>
      execFileSync('tar', ['--numeric-owner', '-tvf', layer], { encoding: 'utf8', maxBuffer: 2 ** 28 })
        .trim()
        .split('\n'),
    );
  }
}

function isGzip(file: string): boolean {
  const start = Buffer.alloc(2);
  const opened = openSync(file, 'r');
  readSync(opened, start);
  closeSync(opened);
  return start.equals(Buffer.from([0x1f, 0x8b]));
}

// docker keeps its layers unpacked.
async function zipped(file: string): Promise<number> {
  let size = 0;
  await pipeline(createReadStream(file), createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) size += chunk.length;
  });
  return size;
}
