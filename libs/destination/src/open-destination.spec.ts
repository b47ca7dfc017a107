import { describe, expect, it } from '@jest/globals';
import { generateSealingKey, KeyRing, parseSealingKey, seal } from '@pagebridge/sealed-credentials';
import { openConnection, openConnectionOrFormer } from './open-destination.ts';

const binding = {
  connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11',
  sourceOrg: 'acme-us',
  dataCenter: 'EU1',
  destinationOrg: { id: 'org-1' },
};
const options = { dataCenter: { name: 'EU1', apiUrl: 'http://127.0.0.1:1' }, timeoutMs: 100 } as never;
const sealedFor = async (publicKey: object) =>
  seal(parseSealingKey(JSON.stringify(publicKey)), binding, { apiKey: 'a', applicationKey: 'b' });

const [ours, unknown] = [await generateSealingKey(), await generateSealingKey()];
const ring = new KeyRing([ours.privateKey]);
const [openable, closed] = [await sealedFor(ours.publicKey), await sealedFor(unknown.publicKey)];

describe('a connection whose credential cannot be opened', () => {
  it('is opened with the former credential if that can be unsealed', async () => {
    const connection = { ...binding, credential: { sealed: closed, former: { sealed: openable } } };
    expect((await openConnectionOrFormer(connection, ring, options)).ok).toBe(true);
    expect((await openConnection(connection, ring, options)).ok).toBe(false);
  });

  it('is a failure if the record names another destination than the one it was sealed for', async () => {
    const connection = { ...binding, credential: { sealed: openable } };
    for (const moved of [{ dataCenter: 'US1' }, { destinationOrg: { id: 'org-2' } }]) {
      expect(await openConnection({ ...connection, ...moved }, ring, options)).toMatchObject({ ok: false });
    }
  });

  it('is otherwise a failure that names the key of the present credential', async () => {
    const failure = { kind: 'credential', sent: false, detail: expect.stringContaining('cannot be opened') };
    for (const credential of [{ sealed: closed }, { sealed: closed, former: { sealed: 'x' } }]) {
      const opened = await openConnectionOrFormer({ ...binding, credential }, ring, options);
      expect(opened).toMatchObject({ ok: false, failure });
      expect(opened.ok || opened.failure.detail).toContain(String(unknown.publicKey.kid));
    }
  });
});
