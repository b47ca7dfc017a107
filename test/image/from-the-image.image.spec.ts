import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Driver, Progress, Stack, type StackInfo, serviceNames } from '@pagebridge/local-stack';
import { uniqueName } from '@pagebridge/testing';
import { ServiceLogs } from '../harness/service-logs.ts';
import { SourceOrg } from '../harness/source-org.ts';
import { builtImage, Containers } from './containers.ts';

const containers = await Containers.open(builtImage().tag);
const { prepare } = containers;
const stack = new Stack({ name: 'from-image', progress: new Progress(), given: {}, prepare });

// Whether each of these folders can be written, and by whom it is tried.
const tryToWrite = `
const { writeFileSync } = require('node:fs');
const outcome = (path) => { try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
const [uid, gid] = [process.getuid(), process.getgid()];
const capabilities = /CapEff:\\s*(\\w+)/.exec(require('node:fs').readFileSync('/proc/1/status', 'utf8'))[1];
console.log(JSON.stringify({ uid, gid, capabilities, writes: ['/x', '/app/x', '/tmp/x'].map(outcome) }));
`;

describe('the image', () => {
  let info: StackInfo;
  let driver: Driver;
  let acme: SourceOrg;
  let logs: ServiceLogs;
  beforeAll(async () => {
    info = await stack.start();
    driver = new Driver(info, 'olga');
    await driver.open();
    acme = new SourceOrg(uniqueName('acme'), driver);
    logs = new ServiceLogs(stack.folder.logs);
  }, 240_000);
  afterAll(async () => {
    await driver.close();
    await stack.kill();
    await containers.removeAll();
  });

  it('runs every service, which delivers a page', async () => {
    const globex = driver.destination('globex-eu');
    await acme.connect(globex);
    const alert = await acme.alert({ alertKey: 'memory', message: 'High memory usage. @oncall-core-infra' });
    expect(await acme.pageIn(globex, alert, 'core-infra')).toMatchObject({
      status: 'triggered',
      urgency: 'high',
    });
  });

  it.each([...serviceNames, 'oncall-sandbox'])(
    'runs %s as 65532, which may do nothing and can write nowhere',
    async (name) => {
      expect(JSON.parse(await containers.inside(name, tryToWrite))).toEqual({
        uid: 65532,
        gid: 65532,
        capabilities: '0000000000000000',
        writes: ['EROFS', 'EROFS', 'EROFS'],
      });
    },
  );

  it.each(serviceNames)('says which version and commit %s runs', async (name) => {
    const metrics = `const { MANAGEMENT_HOST: host = '127.0.0.1', MANAGEMENT_PORT: port } = process.env;
      fetch(\`http://\${host}:\${port}/metrics\`).then((answer) => answer.text()).then(console.log);`;
    const { version, revision } = JSON.parse(
      await containers.inside(name, "console.log(require('fs').readFileSync('/app/package.json', 'utf8'))"),
    );
    expect(revision).toMatch(/^[0-9a-f]{40}(-modified)?$/);
    expect(await containers.inside(name, metrics)).toContain(`version="${version}",revision="${revision}"`);
  });

  it('creates topics that are missing, and leaves those that are there', async () => {
    const KAFKA_BROKERS = info.brokers;
    const report = JSON.parse(
      await containers.run(['pagebridge', 'topics', 'create', '--org', acme.id], { KAFKA_BROKERS }),
    );
    const topic = `paging.org-alerts.v1.${acme.id}`;
    expect(report).toMatchObject({ created: [topic, `${topic}.dead`], wrong: [] });
    expect(report.existing).toContain('paging.page-commands.v1');
  });

  it('migrates a database, and does nothing where it is up to date', async () => {
    const DATABASE_URL = info.databaseUrl;
    expect(await containers.run(['migrations'], { DATABASE_URL })).toMatch(/up to date/);
  });

  it('prints the ACLs, a pair of sealing keys, and the help of its programs', async () => {
    expect(JSON.parse(await containers.run(['pagebridge', 'acls', '-o', 'json'])).length).toBeGreaterThan(100);
    expect(await containers.run(['pagebridge', '--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { publicKey, privateKeys } = JSON.parse(await containers.run(['sealing-keys']));
    expect(privateKeys.keys).toEqual([expect.objectContaining({ ...publicKey, d: expect.any(String) })]);
    for (const program of ['pagebridge', 'republish']) {
      expect(await containers.run([program, '--help'])).toContain('--help');
    }
  });

  it('stops every service in order when it is told to', async () => {
    const ends = serviceNames.map(async (name) => [name, await stack.service(name).stop()]);
    expect(Object.fromEntries(await Promise.all(ends))).toEqual(
      Object.fromEntries(serviceNames.map((name) => [name, 'exit code 0'])),
    );
    expect(logs.text().match(/"signal":"SIGTERM"[^}]*"message":"stopping"/g)).toHaveLength(serviceNames.length);
  });
});
