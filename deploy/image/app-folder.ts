import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '@pagebridge/local-stack/base';
import { programs } from './programs.js';

/** The apps and libraries that have the programs of the image; which others they need, their dependencies say. */
export const startedFolders = [
  ...new Set(Object.values(programs).map(({ file }) => file.split('/').slice(0, 2).join('/'))),
];

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}
interface LockedPackage {
  /** Of a workspace: its folder. */
  readonly resolved?: string;
  readonly link?: true;
  readonly dev?: true;
  readonly devOptional?: true;
}

/**
 * Makes the folder that becomes /app: what is built, and the packages that production needs, as package-lock.json has them.
 *
 * npm runs here and not in the build of the image: where the user gets packages from, and how they log in there, stays with
 * them. Nothing of that is left in the folder.
 */
export async function makeAppFolder(app: string): Promise<void> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const workspaces = Object.entries(lock.packages).flatMap(([path, { link, resolved }]) =>
    link && resolved ? [{ path, folder: resolved }] : [],
  );
  rmSync(app, { recursive: true, force: true });
  copy(app, ['LICENSE', 'package.json', 'package-lock.json']);
  // npm wants to see every workspace of the lock, also those that it is not to install.
  copy(
    app,
    workspaces.map(({ folder }) => join(folder, 'package.json')),
  );
  await install(app);
  for (const { path, folder } of workspaces) {
    if (existsSync(join(app, path))) copy(app, globSync(join(folder, 'dist/**/*.js'), { cwd: root }));
    else rmSync(join(app, folder), { recursive: true });
  }
  // npm also installs what a package takes where it is there, as Nest takes typescript.
  const tools = Object.entries(lock.packages).flatMap(([path, { dev, devOptional }]) =>
    dev || devOptional ? [path] : [],
  );
  const traces = ['package-lock.json', 'node_modules/.package-lock.json', 'node_modules/.bin', 'deploy'];
  for (const path of [...tools, ...traces]) rmSync(join(app, path), { recursive: true, force: true });
  for (const file of ['pagebridge.js', 'programs.js']) cpSync(join(import.meta.dirname, file), join(app, file));
  const { name, version, license, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(app, 'package.json'), `${JSON.stringify({ name, version, license, private: true, type })}\n`);
  makeEven(app);
}

function copy(app: string, files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(app, file)), { recursive: true });
    cpSync(join(root, file), join(app, file));
  }
}

async function install(app: string): Promise<void> {
  const platform = ['--os=linux', `--cpu=${process.arch}`, '--libc=glibc'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const workspaces = startedFolders.flatMap((folder) => ['--workspace', folder]);
  // No package of production has a script to be run when it is installed.
  const line = ['ci', '--prefix', app, '--omit=dev', '--ignore-scripts', ...platform, ...quiet, ...workspaces];
  const npm = spawn('npm', line, { cwd: app, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  npm.stderr.on('data', (bytes) => said.push(bytes));
  const [code] = await once(npm, 'close');
  if (code !== 0) throw new Error(`npm ci of what production needs failed:\n${Buffer.concat(said).toString().trim()}`);
}

// Whoever builds has a umask and a clock of their own: everybody may read, and the time of a file says nothing.
function makeEven(app: string): void {
  for (const entry of readdirSync(app, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) chmodSync(path, entry.isDirectory() ? 0o755 : 0o644);
    lutimesSync(path, 0, 0);
  }
}
