import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@pagebridge/local-stack/base';
import type { Engine } from './engine.ts';

/** The libraries that Node links, and base-files; the base has neither a shell nor a package manager. */
const packages = ['base-files', 'libc6', 'libstdc++6'];
const tag = 'localhost/pagebridge-base:trixie';
const folder = join(import.meta.dirname, 'debian');

/** Makes a base image of Debian packages and the Node that npm installed here; returns its name. */
export async function makeDebianBase(engine: Engine, context: string): Promise<string> {
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  await makeRootFiles(join(context, 'rootfs.tar'));
  cpSync(join(root, 'node_modules/node/bin/node'), join(context, 'node'));
  await engine.build({ containerfile: join(folder, 'Containerfile'), context, tag, args: {} });
  return tag;
}

async function makeRootFiles(file: string): Promise<void> {
  const args = ['--variant=extract', `--include=${packages.join(',')}`, `--extract-hook=${join(folder, 'finish.sh')}`];
  const env = { ...process.env, SOURCE_DATE_EPOCH: '0' };
  const child = spawn('mmdebstrap', ['--quiet', ...args, 'trixie', file], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const err: Buffer[] = [];
  child.stderr.on('data', (bytes) => err.push(bytes));
  const [failure] = await Promise.race([once(child, 'close'), once(child, 'error')]);
  if (failure === 0) return;
  const cure =
    failure instanceof Error ? `${failure.message}; apt-get install mmdebstrap` : Buffer.concat(err).toString().trim();
  throw new Error(`no base can be made of Debian packages: ${cure}`);
}
