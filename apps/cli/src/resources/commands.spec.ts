import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../run.fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'commands-'));
const PAGEBRIDGE_CONFIG = join(folder, 'contexts.yaml');
const id = '0d9b6dd5-1111-4222-8333-444455556666';
let received: string[] = [];
const server = createServer(({ method, url }, response) => {
  if (method !== 'GET') received.push(`${method} ${url}`);
  const item = { id, slug: 'globex', published: 1, share: 'title' };
  response.writeHead(200, { etag: '"1"' }).end(JSON.stringify({ ...item, checks: [], token: 'pbt_new' }));
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(
    PAGEBRIDGE_CONFIG,
    `current: prod\ncontexts: { prod: { url: "${url}", org: acme-us, brokers: "b:1" } }`,
  );
  writeFileSync(join(folder, 'keys.json'), '{"apiKey":"a","applicationKey":"b"}');
});
beforeEach(() => {
  received = [];
});
afterAll(() => {
  server.close().closeAllConnections();
  rmSync(folder, { recursive: true });
});
const pagebridge = (line: readonly string[], env = {}) => run(line, { PAGEBRIDGE_CONFIG, ...env });

describe('a command that changes or sends something', () => {
  it.each([
    ['connections', 'create', '--name', 'Globex'],
    ['connections', 'change', id, '--disable'],
    ['connections', 'check', id],
    ['connections', 'rotate', id, '-f', join(folder, 'keys.json')],
    ['connections', 'sync', id],
    ['orgs', 'change', 'acme-us', '--fallback', 'core-infra'],
    ['connections', 'revoke-snapshots', id, '--yes'],
    ['connections', 'rm', id, '--yes'],
    ['tokens', 'create', '--name', 'ci', '--role', 'viewer', '--into', join(folder, 'token')],
    ['tokens', 'revoke', id, '--yes'],
    ['integrations', 'create', '--name', 'a', '--kind', 'alerts'],
    ['integrations', 'change', 'a', '--repeat-hours', '4'],
    ['integrations', 'rm', 'a', '--yes'],
    ['alerts', 'send', '--alert-key', 'a', '@oncall-b'],
  ])('says in which installation: %s %s', async (...line) => {
    const { status, stderr } = await pagebridge(line);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining(`prod (${url})`) });
    expect(received).toHaveLength(1);
  });

  it.each(['rm', 'revoke-snapshots'])(
    'and cannot be undone sends nothing where nobody can be asked: %s',
    async (verb) => {
      const { status, stderr } = await pagebridge(['connections', verb, id]);
      expect({ status, received }).toEqual({ status: 2, received: [] });
      expect(stderr).toMatch(`connection ${id} of acme-us in prod (${url}): `);
      expect(stderr).toMatch(/use --yes\n$/);
    },
  );
});

it.each(['alerts', 'pages'])('a state that %s do not have is refused with those that they have', async (group) => {
  const { status, stderr } = await pagebridge([group, 'ls', '--state', 'gone']);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining('waiting, unrouted, late, delivered'),
  });
});

it('an alert is not written for the org of one context to the Kafka of another', async () => {
  const send = ['alerts', 'send', '--kafka', '--topic', 'paging.alerts.v1', '--alert-key', 'a', '@oncall-b'];
  const { status, stderr } = await pagebridge(send, { KAFKA_BROKERS: '127.0.0.1:1' });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr:
      'error: source org is missing: no context names it for the Kafka of KAFKA_BROKERS (127.0.0.1:1)\nhint: use --org\n',
  });
});
