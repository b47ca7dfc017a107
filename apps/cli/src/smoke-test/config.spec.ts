import { expect, it } from '@jest/globals';
import { loadSmokeTest } from './config.ts';

const inside = {
  KAFKA_BROKERS: 'kafka:9092',
  CONNECTION_MANAGEMENT_URL: 'http://connection-management',
  HANDLE_SYNC_URL: 'http://handle-sync',
  SANDBOX_CONTROL_URL: 'http://sandbox',
};

it.each([
  ['CONNECTION_MANAGEMENT_URL', { PAGEBRIDGE_TOKEN: 'token' }],
  ['HANDLE_SYNC_URL', { TOKEN_ENDPOINT: 'https://login.example.com/token' }],
  ['TOKEN_ENDPOINT', { PAGEBRIDGE_TOKEN: 'token' }],
])('no token is sent to %s in clear text', (name, login) => {
  const load = () => loadSmokeTest({ ...inside, ...login, [name]: 'http://pagebridge.example.com' });
  expect(load).toThrow(new RegExp(`^bad configuration: ${name}: .*in clear text`));
});

it('a malformed token is refused and not shown', () => {
  const load = () => loadSmokeTest({ ...inside, PAGEBRIDGE_TOKEN: 'secret\nwords' });
  expect(load).toThrow(/PAGEBRIDGE_TOKEN/);
  expect(load).not.toThrow(/secret/);
});

it('within the cluster, and where there is no token, http is good enough', () => {
  expect(() => loadSmokeTest({ ...inside, PAGEBRIDGE_TOKEN: 'token' })).not.toThrow();
  expect(() => loadSmokeTest({ ...inside, HANDLE_SYNC_URL: 'http://pagebridge.example.com' })).not.toThrow();
});
