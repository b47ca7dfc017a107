import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { LoginStore } from './login-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'logins-'));
const store = new LoginStore({ PAGEBRIDGE_CONFIG: join(folder, 'new/contexts.yaml') });
afterAll(() => rmSync(folder, { recursive: true }));

it('a login is kept or forgotten only once no other process renews one', async () => {
  await store.set('prod', { accessToken: 'a' });
  const lock = join(folder, 'new/logins.json.lock');
  expect(existsSync(lock)).toBe(false);
  mkdirSync(lock);
  const changes = Promise.all([store.set('test', { accessToken: 'b' }), store.set('prod', undefined)]);
  expect([store.find('prod'), store.find('test')]).toEqual([{ accessToken: 'a' }, undefined]);
  rmdirSync(lock);
  await changes;
  expect([store.find('prod'), store.find('test')]).toEqual([undefined, { accessToken: 'b' }]);
});
