import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, localFolder, type Progress, root } from '@pagebridge/local-stack/base';
import { makeAppFolder } from './app-folder.ts';
import { makeDebianBase } from './debian-base.ts';
import type { Engine } from './engine.ts';
import { writeSbom } from './sbom/image-sbom.ts';

export const defaultBase = 'node:24-trixie-slim';

/** A built image: a tag in the engine, and files. */
export interface Image {
  readonly tag: string;
  readonly base: string;
  /** An OCI archive; with docker, an archive for `docker load`. */
  readonly archive: string;
  /** The packages of the image, in CycloneDX. */
  readonly sbom: string;
}

/** Builds the image on `base`, by default on `defaultBase`, or on Debian packages if no registry has that. */
export async function buildImage(engine: Engine, progress: Progress, base?: string): Promise<Image> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const folder = join(localFolder, 'image');
  const files = join(folder, `pagebridge-${version}`);
  const image = { tag: `pagebridge:${version}`, archive: `${files}.tar`, sbom: `${files}.sbom.json` };
  const [commit = '', committed = ''] = git('log', '-1', '--format=%H %cI').split(' ');
  const revision = git('status', '--porcelain') === '' ? commit : `${commit}-modified`;
  const context = join(folder, 'context');
  mkdirSync(context, { recursive: true });

  await progress.step('building changed packages', build);
  const [chosenBase] = await Promise.all([
    progress.step('getting the base image', () => baseOf(engine, progress, join(folder, 'base'), base)),
    progress.step('installing production packages', () => makeAppFolder(join(context, 'app'), revision)),
  ]);
  const args = {
    BASE: chosenBase,
    VERSION: version,
    REVISION: revision,
    CREATED: committed,
  };
  const containerfile = join(import.meta.dirname, 'Containerfile');
  await progress.step(`building ${image.tag} with ${engine.name}`, () =>
    engine.build({ containerfile, context, tag: image.tag, args }),
  );
  await progress.step('writing the archive and the SBOM', async () => {
    await engine.save(image.tag, image.archive);
    writeSbom(join(context, 'app'), image.sbom);
  });
  return { ...image, base: chosenBase };
}

async function baseOf(engine: Engine, progress: Progress, context: string, chosen?: string) {
  const base = chosen ?? defaultBase;
  if (base === 'debian') return makeDebianBase(engine, context);
  try {
    await engine.pull(base);
    return base;
  } catch (error) {
    if (chosen !== undefined) throw error;
    progress.say(`cannot pull ${base}; building the base from Debian packages: ${(error as Error).message}`);
    return makeDebianBase(engine, context);
  }
}

const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
