import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { StackFolder } from '../folder.ts';
import { pathOf } from '../processes/executables.ts';
import { firstAnswer, freePort } from '../processes/ports.ts';
import type { LocalProcess, Processes } from '../processes/processes.ts';

export interface PrivateMariaDb {
  /** `mysql://user:password@127.0.0.1:<port>/pagebridge`; the user may create further schemas. */
  readonly databaseUrl: string;
  readonly process: LocalProcess;
}

const account = { user: 'pagebridge', password: 'pagebridge', schema: 'pagebridge' } as const;

/** Starts a database server of its own, with a user who may do everything. */
export async function startMariaDb(
  folder: StackFolder,
  processes: Processes,
  options?: readonly string[],
): Promise<PrivateMariaDb> {
  const { port, process } = await startDatabaseServer(folder, processes, everythingForOne, options);
  const databaseUrl = `mysql://${account.user}:${account.password}@127.0.0.1:${port}/${account.schema}`;
  return { databaseUrl, process };
}

/** Starts a database server of its own, on the data that the folder holds, beside whatever else runs on the machine. */
export async function startDatabaseServer(
  folder: StackFolder,
  processes: Processes,
  /** What makes its schema and users where they are not there yet: a statement a line, as init files are read. */
  accounts: string,
  /** Further options of the server, such as certificates. */
  options: readonly string[] = [],
): Promise<{ readonly port: number; readonly process: LocalProcess }> {
  const home = join(folder.path, 'mariadb');
  const data = join(home, 'data');
  // Two servers with one folder for temporary tables delete each other's at their start.
  const env = { TMPDIR: join(home, 'tmp') };
  for (const folder of [data, env.TMPDIR]) mkdirSync(folder, { recursive: true });
  const common = ['--no-defaults', `--datadir=${data}`, ...asRoot()];
  if (!existsSync(join(data, 'mysql'))) {
    await processes.run({
      name: 'mariadb-install',
      command: program('mariadb-install-db'),
      args: [...common, '--skip-name-resolve', '--skip-test-db'],
      env,
    });
  }

  const accountFile = join(home, 'account.sql');
  writeFileSync(accountFile, accounts, { mode: 0o600 });
  const port = await freePort();
  const network = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socketIn(home)}`, '--skip-name-resolve'];
  const small = ['--innodb-buffer-pool-size=64M', '--innodb-log-file-size=16M', '--performance-schema=OFF'];
  const server = await processes.start({
    name: 'mariadb',
    command: program('mariadbd'),
    args: [
      ...common,
      ...network,
      ...small,
      ...options,
      `--init-file=${accountFile}`,
      `--pid-file=${join(home, 'pid')}`,
    ],
    env,
    layer: 1,
    // The greeting comes only after the account file has been run.
    ready: async () => (await firstAnswer(port, undefined, 5))?.[4] === 10,
  });
  return { port, process: server };
}

// All privileges: tests make schemas and users of their own.
const everythingForOne = `CREATE DATABASE IF NOT EXISTS ${account.schema} CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS '${account.user}'@'127.0.0.1' IDENTIFIED BY '${account.password}';
GRANT ALL PRIVILEGES ON *.* TO '${account.user}'@'127.0.0.1' WITH GRANT OPTION;
`;

const program = (name: string) => pathOf(name) ?? name;

// mariadbd refuses to run as root unless told so by name, and refuses the option for anybody else.
const asRoot = (): string[] => (userInfo().uid === 0 ? ['--user=root'] : []);

// A Unix socket's path may have 107 characters (103 on macOS); a deep checkout has more.
function socketIn(home: string): string {
  const inside = join(home, 'sock');
  const short = join(tmpdir(), `pagebridge-${createHash('sha256').update(home).digest('hex').slice(0, 12)}.sock`);
  return inside.length <= 100 ? inside : short;
}
