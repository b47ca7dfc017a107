import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../run.fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
let status = 201;
let onRequest: () => void = () => undefined;
let requests = 0;
const service = createServer((_request, response) => {
  requests += 1;
  onRequest();
  response.writeHead(status).end(JSON.stringify({ id: 'id-7', token: 'pbt_new', name: 'ci', last4: '_new' }));
});
beforeAll(() => new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  service.close();
  rmSync(folder, { recursive: true });
});

const create = (file: string) =>
  run(['tokens', 'create', '--org', 'acme-us', '--name', 'ci', '--role', 'viewer', '--into', file], {
    CONNECTION_MANAGEMENT_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    PAGEBRIDGE_CONFIG: join(folder, 'contexts.yaml'),
    PAGEBRIDGE_TOKEN: 'of-ada',
  });

describe('tokens create', () => {
  it('makes a token only if there is a file for it, which its owner alone may read', async () => {
    const file = join(folder, 'made');
    expect((await create(file)).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('pbt_new\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = requests;
    expect((await create(file)).status).toBe(2);
    expect((await create(join(folder, 'absent/made'))).status).toBe(2);
    expect(requests).toBe(before);
  });

  it('leaves no file if none is made', async () => {
    status = 403;
    expect((await create(join(folder, 'refused'))).status).toBe(4);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
    status = 201;
  });

  it('names the token that is made and cannot be kept, and how to revoke it', async () => {
    const file = join(folder, 'lost');
    onRequest = () => {
      rmSync(file);
      mkdirSync(file);
    };
    const { status: code, stderr } = await create(file);
    expect(code).toBe(1);
    expect(stderr).toContain('pagebridge tokens revoke id-7');
    expect(stderr).not.toContain('pbt_new');
  });
});
