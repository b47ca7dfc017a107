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
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '@pagebridge/local-stack/base';
import { programs } from './programs.js';

/** The folders of the apps and libraries with the programs of the image. npm follows their dependencies. */
export const startedFolders = [
  ...new Set(Object.values(programs).map(({ file }) => file.split('/').slice(0, 2).join('/'))),
];

/** The page of the console, which its gateway serves: its packages are bundled into its build, so npm installs none of them. */
export const pageFolder = 'apps/console';

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}
interface LockedPackage {
  /** The folder of a workspace. */
  readonly resolved?: string;
  readonly link?: true;
  readonly dev?: true;
  readonly devOptional?: true;
}

/**
 * Makes the folder that becomes /app: the builds, and the production packages of package-lock.json.
 *
 * npm runs here and not in the image build, so that the registry and its login stay on the user's machine. The folder keeps
 * no trace of them.
 */
export async function makeAppFolder(app: string, revision: string): Promise<void> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const workspaces = Object.entries(lock.packages).flatMap(([path, { link, resolved }]) =>
    link && resolved ? [{ path, folder: resolved }] : [],
  );
  rmSync(app, { recursive: true, force: true });
  copy(app, ['LICENSE', 'package.json', 'package-lock.json']);
  // npm requires every workspace of the lock file, even those that it does not install.
  copy(
    app,
    workspaces.map(({ folder }) => join(folder, 'package.json')),
  );
  await install(app);
  for (const { path, folder } of workspaces) {
    if (folder === pageFolder) copy(app, pageFiles());
    else if (existsSync(join(app, path))) copy(app, globSync(join(folder, 'dist/**/*.js'), { cwd: root }));
    else rmSync(join(app, folder), { recursive: true });
  }
  // npm also installs optional peers that development has, as typescript for Nest.
  const tools = Object.entries(lock.packages).flatMap(([path, { dev, devOptional }]) =>
    dev || devOptional ? [path] : [],
  );
  const traces = ['package-lock.json', 'node_modules/.package-lock.json', 'node_modules/.bin', 'deploy'];
  for (const path of [...tools, ...traces]) rmSync(join(app, path), { recursive: true, force: true });
  for (const file of ['pagebridge.js', 'programs.js']) cpSync(join(import.meta.dirname, file), join(app, file));
  const { name, version, license, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(
    join(app, 'package.json'),
    `${JSON.stringify({ name, version, revision, license, private: true, type })}\n`,
  );
  makeEven(app);
}

const pageFiles = (): string[] =>
  globSync(join(pageFolder, 'dist/**/*'), { cwd: root }).filter((path) => statSync(join(root, path)).isFile());

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
  // No production package needs an install script.
  const line = ['ci', '--prefix', app, '--omit=dev', '--ignore-scripts', ...platform, ...quiet, ...workspaces];
  const npm = spawn('npm', line, { cwd: app, stdio: ['ignore', 'ignore', 'pipe'] });
  const err: Buffer[] = [];
  npm.stderr.on('data', (bytes) => err.push(bytes));
  const [code] = await once(npm, 'close');
  if (code !== 0) throw new Error(`npm ci of the production packages failed:\n${Buffer.concat(err).toString().trim()}`);
}

// The umask and the clock of the builder must not change the image: files are readable by everybody, and have a fixed time.
function makeEven(app: string): void {
  for (const entry of readdirSync(app, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) chmodSync(path, entry.isDirectory() ? 0o755 : 0o644);
    lutimesSync(path, 0, 0);
  }
}
