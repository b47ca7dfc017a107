import { expect, it } from '@jest/globals';
import { run } from '../run.fixtures.ts';

const inside = {
  ...{ PAGEBRIDGE_CONTEXT: 'environment', KAFKA_BROKERS: '127.0.0.1:1', SANDBOX_CONTROL_URL: 'http://sandbox' },
  ...{ CONNECTION_MANAGEMENT_URL: 'http://connection-management', HANDLE_SYNC_URL: 'http://handle-sync' },
};

it.each([
  ['CONNECTION_MANAGEMENT_URL', { PAGEBRIDGE_TOKEN: 'token' }],
  ['HANDLE_SYNC_URL', { TOKEN_ENDPOINT: 'https://login.example.com/token' }],
  ['TOKEN_ENDPOINT', { TOKEN_CLIENT_SECRET: 'secret' }],
])('no token or secret is sent to %s in clear text', async (name, login) => {
  const exposed = { ...inside, ...login, [name]: 'http://pagebridge.example.com' };
  expect(await run(['smoke-test'], exposed)).toEqual({
    ...{ status: 2, stdout: '', stderr: expect.stringMatching(/pagebridge\.example\.com in clear text/) },
  });
});

it.each([
  [{ SMOKE_TEST_SECONDS: '0' }, '--seconds 0: not a whole number from 1 to 3600'],
  [{ SOURCE_ORG: 'Acme US' }, 'hint: use 1 to 63 of a-z 0-9 -'],
])('smoke-test takes its options from variables too, and refuses %j', async (variables, complaint) => {
  expect(await run(['smoke-test'], { ...inside, ...variables })).toMatchObject({
    ...{ status: 2, stderr: expect.stringContaining(complaint) },
  });
});
