import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { childEnvironment, claimFolder, Processes, root, startMariaDb } from '@pagebridge/local-stack';
import { CertificateAuthority } from '@pagebridge/testing';

describe('a database that wants TLS', () => {
  const folder = claimFolder('secure-database');
  const processes = new Processes(folder);
  const files = join(folder.path, 'certificates');
  const file = (name: string, text: string) => {
    writeFileSync(join(files, name), text);
    return join(files, name);
  };
  let url: URL;
  let ca: string;
  beforeAll(async () => {
    mkdirSync(files, { recursive: true });
    const authority = await CertificateAuthority.create();
    const { cert, key } = await authority.issue({ name: 'database', hosts: ['localhost'] });
    ca = file('ca.pem', authority.cert);
    const { databaseUrl } = await startMariaDb(folder, processes, [
      '--require-secure-transport=ON',
      `--ssl-ca=${ca}`,
      `--ssl-cert=${file('server.pem', cert)}`,
      `--ssl-key=${file('server-key.pem', key)}`,
    ]);
    url = new URL(databaseUrl);
    url.hostname = 'localhost';
  });
  afterAll(() => processes.killAll());

  /** What the migrate command of connection-management says with these variables. */
  const migrate = (variables: Record<string, string>): Promise<string> =>
    new Promise((resolve) => {
      const script = join(root, 'apps/connection-management/dist/migrate.js');
      const env = childEnvironment({ DATABASE_URL: url.href, ...variables });
      execFile(process.execPath, [script], { env }, (_, stdout, stderr) => resolve(`${stdout}${stderr}`.trim()));
    });

  it('is migrated over TLS', async () => {
    expect(await migrate({ DATABASE_TLS: 'on', DATABASE_TLS_CA_FILE: ca })).toContain('is up to date');
  });

  it('is refused with the variable that is wrong', async () => {
    const other = file('other-ca.pem', (await CertificateAuthority.create('Another CA')).cert);
    const said = await Promise.all([
      migrate({}),
      migrate({ DATABASE_TLS: 'on', DATABASE_TLS_CA_FILE: other }),
      migrate({ DATABASE_TLS: 'on' }),
    ]);
    expect(said.map((line) => line.replace(/localhost:\d+/, 'localhost'))).toEqual([
      'error: cannot use the database at localhost/pagebridge: the server requires TLS, and DATABASE_TLS is off',
      expect.stringContaining(
        'localhost/pagebridge: DATABASE_TLS_CA_FILE: no CA in the file signed the certificate of the server: ',
      ),
      expect.stringContaining(
        'localhost/pagebridge: DATABASE_TLS_CA_FILE: no CA in the file signed the certificate of the server: ',
      ),
    ]);
  });
});
