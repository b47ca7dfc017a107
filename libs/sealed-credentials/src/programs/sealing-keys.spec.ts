import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { KeyRing } from '../key-ring.ts';
import { seal } from '../seal.ts';
import { parseSealingKey } from '../sealing-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealing-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'private-keys.json');

/** Runs the program from its build. */
function sealingKeys(...args: readonly string[]) {
  const program = join(import.meta.dirname, '../../dist/programs/sealing-keys.js');
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
}

const binding = {
  connectionId: '0199f3a0-0000-7000-8000-000000000001',
  sourceOrg: 'acme-us',
  dataCenter: 'EU1',
  destinationOrg: { id: 'globex-eu' },
};

it('adds a new pair to a ring, which then opens what was sealed for either key', async () => {
  const first = JSON.parse(sealingKeys().stdout);
  writeFileSync(file, JSON.stringify(first.privateKeys));
  const second = JSON.parse(sealingKeys('--add-to', file).stdout);
  const ring = KeyRing.parse(JSON.stringify(second.privateKeys));
  expect(ring.kids).toEqual([first.publicKey.kid, second.publicKey.kid]);
  for (const { publicKey } of [first, second]) {
    const credential = { apiKey: 'an-api-key', applicationKey: 'an-application-key' };
    const sealed = await seal(parseSealingKey(JSON.stringify(publicKey)), binding, credential);
    expect(await ring.open(sealed, binding)).toEqual(credential);
  }
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(first.privateKeys);
});

it.each([
  ['that is not there', join(folder, 'nowhere.json'), /--add-to .*nowhere\.json: ENOENT/],
  ['that is no key ring', import.meta.filename, /--add-to .*: /],
])('refuses a file %s, and prints no key', (_what, path, complaint) => {
  const { status, stdout, stderr } = sealingKeys('--add-to', path);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(complaint);
});
