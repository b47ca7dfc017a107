import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { uniqueName } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();
const main = join(import.meta.dirname, '../../apps/cli/dist/main.js');

async function smokeTest(env: Readonly<Record<string, string>>) {
  const { brokers, logins, services, access } = journey.driver.info;
  const operator = access.clients.find(({ name }) => name === 'olga');
  const child = spawn(process.execPath, [main, 'smoke-test'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PAGEBRIDGE_CONTEXT: 'environment',
      KAFKA_BROKERS: brokers,
      ...logins?.['alert-producers'],
      CONNECTION_MANAGEMENT_URL: services.connectionManagement,
      HANDLE_SYNC_URL: services.handleSync,
      SANDBOX_CONTROL_URL: journey.globex.controlUrl.replace(/\/orgs\/[^/]+$/, ''),
      SANDBOX_ORG: 'globex-eu',
      SOURCE_ORG: uniqueName('smoke'),
      TOKEN_ENDPOINT: access.tokenEndpoint,
      TOKEN_CLIENT_ID: operator?.clientId ?? '',
      TOKEN_CLIENT_SECRET: operator?.clientSecret ?? '',
      ...env,
    },
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr, steps: stdout.split('\n').map((line) => line.split(' ', 1)[0]) };
}

describe('the smoke test', () => {
  it('delivers a page through the services to the sandbox, resolves it, and leaves nothing behind', async () => {
    const SOURCE_ORG = uniqueName('smoke');
    const { stderr, steps, code } = await smokeTest({ SOURCE_ORG });
    expect({ stderr, code }).toEqual({ stderr: expect.stringMatching(/^Testing environment \(.*\n$/), code: 0 });
    expect(steps.filter((step) => step === 'ok')).toHaveLength(8);
    const url = `${journey.driver.info.services.connectionManagement}/v1/source-orgs/${SOURCE_ORG}/connections`;
    expect((await journey.driver.call('GET', url)).body).toMatchObject({ items: [] });
  });

  it('fails with the step and the reason if no page arrives, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await smokeTest({ SANDBOX_ORG: 'umbrella' });
    expect(code).toBe(1);
    expect(stdout).toContain('FAILED  add a connection to the sandbox');
    expect(stderr).toContain('error: the sandbox has no org umbrella');
  });
});
