import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CertificateAuthority } from '@pagebridge/testing';
import type { SandboxView } from './sandbox.ts';

type Child = ChildProcessByStdio<null, Readable, Readable>;

const children: Child[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(env: Record<string, string>, args: readonly string[] = []): Child {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, ['--conditions=@pagebridge/source', main, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function ready(child: Child): Promise<SandboxView> {
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('\n')) return JSON.parse(printed) as SandboxView;
  }
  throw new Error(`the sandbox ended: ${await text(child.stderr)}`);
}

async function statusOf(url: string, ca?: string): Promise<number | undefined> {
  const asked = get(url, { ca });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

const orgs = [{ org: 'globex', dataCenter: 'EU1-SANDBOX', teams: ['core-infra', { handle: 'design', onCall: false }] }];

describe('the process', () => {
  it('prints one line with every URL and no key once all servers listen', async () => {
    const child = start({ SANDBOX_ORGS: JSON.stringify([{ ...orgs[0], apiKey: 'visible-key' }]) });
    const view = await ready(child);
    const [globex] = view.orgs;
    expect(globex).toMatchObject({ org: 'globex', dataCenter: 'EU1-SANDBOX', teams: ['core-infra'] });
    expect(globex?.controlUrl).toBe(`${view.controlUrl}/orgs/globex`);
    expect(view.dataCenters).toMatchObject([
      { name: 'EU1-SANDBOX', apiUrl: globex?.apiUrl, pagingUrl: globex?.pagingUrl },
    ]);
    expect(JSON.stringify(view)).not.toContain('visible-key');
    const pages = await fetch(`${globex?.controlUrl}/pages`);
    expect(await pages.json()).toEqual([]);
    const validate = await fetch(`${globex?.apiUrl}/api/v1/validate`, { headers: { 'dd-api-key': 'visible-key' } });
    expect(validate.status).toBe(200);
  });

  it('serves its orgs over TLS if a certificate is configured', async () => {
    const authority = await CertificateAuthority.create();
    const { cert, key } = await authority.issue({ name: 'sandbox', hosts: ['127.0.0.1'] });
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const [SANDBOX_TLS_CERT_FILE, SANDBOX_TLS_KEY_FILE] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    await Promise.all([writeFile(SANDBOX_TLS_CERT_FILE, cert), writeFile(SANDBOX_TLS_KEY_FILE, key)]);
    const child = start({ SANDBOX_ORGS: JSON.stringify(orgs), SANDBOX_TLS_CERT_FILE, SANDBOX_TLS_KEY_FILE });
    const view = await ready(child);
    await rm(folder, { recursive: true });
    const [dataCenter] = view.dataCenters;
    expect([dataCenter?.apiUrl, dataCenter?.pagingUrl].map((url) => new URL(url ?? '').protocol)).toEqual([
      'https:',
      'https:',
    ]);
    expect(await statusOf(`${dataCenter?.apiUrl}/api/v1/validate`, authority.cert)).toBe(403);
    await expect(statusOf(`${dataCenter?.apiUrl}/api/v1/validate`)).rejects.toThrow('unable to verify');
  });

  it('stops on SIGTERM with code 0, even while a call hangs', async () => {
    const child = start({ SANDBOX_ORGS: JSON.stringify(orgs) });
    const {
      orgs: [globex],
    } = await ready(child);
    await fetch(`${globex?.controlUrl}/faults`, { method: 'PUT', body: '[{"fault":{"kind":"hang"}}]' });
    const hanging = fetch(`${globex?.apiUrl}/api/v1/validate`).catch((error: Error) => error.message);
    await waitForHit(`${globex?.controlUrl}/faults`);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(await hanging).toBe('fetch failed');
  });

  it('reads its configuration from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const file = join(folder, 'sandbox.json');
    await writeFile(file, JSON.stringify({ orgs: [{ ...orgs[0], org: 'initech' }] }));
    const view = await ready(start({}, ['--config', file]));
    expect(view.orgs[0]?.org).toBe('initech');
    await rm(folder, { recursive: true });
  });

  it.each([
    ['[{"org":"Not An Org","dataCenter":"EU1"}]', /orgs\[0\]\.org must match/],
    ['[{"org":"a"}]', /orgs\[0\]\.dataCenter is required/],
    ['{', /SANDBOX_ORGS is not JSON/],
    ['[{"org":"a","dataCenter":"EU1","ports":1}]', /orgs\[0\] has no field ports/],
  ])('refuses %s with one clear line and code 1', async (value, line) => {
    const child = start({ SANDBOX_ORGS: value });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toMatch(line);
  });

  it('refuses a port that is taken', async () => {
    const view = await ready(start({ SANDBOX_ORGS: JSON.stringify(orgs) }));
    const taken = Number(new URL(view.controlUrl).port);
    const child = start({ SANDBOX_ORGS: JSON.stringify([{ ...orgs[0], apiPort: taken }]) });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(1);
    expect(said).toMatch(/cannot start: .*EADDRINUSE/);
  });
});

async function waitForHit(url: string): Promise<void> {
  for (;;) {
    const [fault] = (await (await fetch(url)).json()) as { hits: number }[];
    if (fault && fault.hits > 0) return;
  }
}
