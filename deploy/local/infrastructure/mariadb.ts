import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { StackFolder } from '../folder.ts';
import { pathOf } from '../processes/executables.ts';
import { firstAnswer, freePort } from '../processes/ports.ts';
import type { LocalProcess, Processes } from '../processes/processes.ts';

export interface PrivateMariaDb {
  /** `mysql://user:password@127.0.0.1:<port>/pagebridge`; the user can create further schemas. */
  readonly databaseUrl: string;
  readonly process: LocalProcess;
}

const account = { user: 'pagebridge', password: 'pagebridge', schema: 'pagebridge' } as const;

/** Starts a private database server with a user who has all privileges. */
export async function startMariaDb(
  folder: StackFolder,
  processes: Processes,
  options?: readonly string[],
): Promise<PrivateMariaDb> {
  const { port, process } = await startDatabaseServer(folder, processes, accountStatements, options);
  const databaseUrl = `mysql://${account.user}:${account.password}@127.0.0.1:${port}/${account.schema}`;
  return { databaseUrl, process };
}

/** Starts a private database server on the data of the folder, beside any other server on the machine. */
export async function startDatabaseServer(
  folder: StackFolder,
  processes: Processes,
  /** The statements that create a missing schema and its users, one a line as init files require. */
  accounts: string,
  /** Further options of the server, such as certificates. */
  options: readonly string[] = [],
): Promise<{ readonly port: number; readonly process: LocalProcess }> {
  const home = join(folder.path, 'mariadb');
  const data = join(home, 'data');
  // Two servers that share a folder for temporary tables delete each other's tables at their start.
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
    // The server sends its greeting only after it has executed the account file.
    ready: async () => (await firstAnswer(port, undefined, 5))?.[4] === 10,
  });
  return { port, process: server };
}

// All privileges, because tests create schemas and users.
const accountStatements = `CREATE DATABASE IF NOT EXISTS ${account.schema} CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS '${account.user}'@'127.0.0.1' IDENTIFIED BY '${account.password}';
GRANT ALL PRIVILEGES ON *.* TO '${account.user}'@'127.0.0.1' WITH GRANT OPTION;
`;

const program = (name: string) => pathOf(name) ?? name;

// mariadbd refuses to run as root without this option, and refuses the option for any other user.
const asRoot = (): string[] => (userInfo().uid === 0 ? ['--user=root'] : []);

// The path of a Unix socket may have 107 characters (103 on macOS); a deep checkout exceeds that.
function socketIn(home: string): string {
  const inside = join(home, 'sock');
  const short = join(tmpdir(), `pagebridge-${createHash('sha256').update(home).digest('hex').slice(0, 12)}.sock`);
  return inside.length <= 100 ? inside : short;
}
