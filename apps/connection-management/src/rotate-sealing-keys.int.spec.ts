import 'reflect-metadata';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Connection, Connections } from '@pagebridge/contracts';
import { generateSealingKey, KeyRing, kidOf } from '@pagebridge/sealed-credentials';
import { uniqueName, unlimited, waitFor } from '@pagebridge/testing';
import { good, RunningService, TopicReader } from './service.fixtures.ts';

const [former, present] = [await generateSealingKey(), await generateSealingKey()];
const privateKeys = (...pairs: (typeof present)[]) => JSON.stringify({ keys: pairs.map((pair) => pair.privateKey) });
/** The keys that handle-sync and page-delivery hold while keys are rotated. */
const both = KeyRing.parse(privateKeys(former, present));
const env: Record<string, string> = { ...unlimited, CREDENTIALS_PUBLIC_KEY: JSON.stringify(former.publicKey) };
const service = new RunningService(env);
const reader = new TopicReader([Connections.card.topic]);
const rotated = { apiKey: 'canary-api-key-000003', applicationKey: 'ddapp_canary-application-000004' };
const org = uniqueName('rotation');
const path = `/v1/source-orgs/${org}/connections`;
const ids: string[] = [];
const started: ChildProcess[] = [];

/** Runs `pagebridge reseal` from its build. */
function reseal(args: readonly string[], its: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../cli/dist/main.js'), 'reseal', '--org', org, ...args],
    {
      env: {
        PATH: process.env.PATH,
        PAGEBRIDGE_CONTEXT: 'environment',
        KAFKA_BROKERS: process.env.KAFKA_BROKERS,
        CREDENTIALS_PRIVATE_KEYS: privateKeys(former, present),
        CREDENTIALS_PUBLIC_KEY: JSON.stringify(present.publicKey),
        CONNECTION_MANAGEMENT_URL: service.url,
        ...its,
      },
    },
  );
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
  return { child, ended };
}

const facts = (): Connection[] =>
  ids.flatMap((id) => {
    const read = reader.of(Connections.card.topic, id).map((record) => Connections.decode(record));
    const last = read.at(-1);
    return last?.ok ? [last.event.data] : [];
  });
const resealed = () => facts().filter(({ credential }) => kidOf(credential.sealed) === present.publicKey.kid).length;
/** Counted in the database, because the topic may not contain the last ones yet. */
const resealedInDatabase = async () => {
  // Each connection has one audit entry: a resealed connection has nothing left to reseal.
  const sql = "SELECT id FROM audit_entries WHERE source_org = ? AND action = 'credentials.resealed'";
  return (await service.database.query(sql, [org])).length;
};
const byKid = async () => {
  const text = await (await fetch(`${service.managementUrl}/metrics`)).text();
  const counts = text.matchAll(/^pagebridge_credentials_by_kid\{kid="([^"]*)"[^}]*\} (\d+)$/gm);
  return Object.fromEntries([...counts].map(([, kid, count]) => [kid, Number(count)]));
};

/** Renames connections until it is told to stop, as people do. Resolves to the number of changes. */
async function renameUntil(signal: AbortSignal): Promise<number> {
  let renames = 0;
  for (; !signal.aborted; renames += 1) {
    const id = ids[renames % ids.length];
    const { status } = await service.send('PATCH', `${path}/${id}`, { name: uniqueName('Other') }, { 'if-match': '*' });
    expect(status).toBe(200);
  }
  return renames;
}

beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await service.start();
  service.destination.accept(rotated);
  await reader.start();
  for (let made = 0; made < 20; made += 1) {
    const input = { name: uniqueName('Globex'), dataCenter: 'TEST1', allowDuplicate: true, ...good };
    const { body, etag } = await service.send('POST', path, input);
    ids.push(String(body.id));
    // Some connections still have the pair from before a rotation.
    if (made % 10 === 0) await service.send('PUT', `${path}/${body.id}/credentials`, rotated, { 'if-match': etag });
  }
  await service.close();
  env.CREDENTIALS_PUBLIC_KEY = JSON.stringify(present.publicKey);
  await service.run();
});

afterAll(async () => {
  for (const child of started) child.kill();
  await reader.stop();
  await service.stop();
  jest.restoreAllMocks();
});

describe('the rotation of the sealing key', () => {
  it('can be planned without a change', async () => {
    const [was, is] = [former.publicKey.kid, present.publicKey.kid];
    const { code, output } = await reseal(['--plan']).ended;
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(`${was}\t22\tleft`) });
    expect(await byKid()).toEqual({ [was]: 22, [is]: 0 });
    expect(resealed()).toBe(0);
  });

  it('does not start with a key that the ring lacks, and prints no key', async () => {
    const { code, output } = await reseal([], { CREDENTIALS_PRIVATE_KEYS: privateKeys(former) }).ended;
    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining(present.publicKey.kid) });
    expect(output).not.toContain(former.privateKey.d);
  });

  it('can be interrupted and restarted while connections change, and each can be opened at any time', async () => {
    const changes = new AbortController();
    const renaming = renameUntil(changes.signal);
    // Slow enough that a busy machine interrupts it before its end.
    const first = reseal(['--rate', '3']);
    await waitFor('some to be resealed', async () => (await resealedInDatabase()) >= 3);
    first.child.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 1, output: expect.stringContaining('run the command again') });
    const done = await resealedInDatabase();
    expect(done).toBeLessThan(ids.length);

    const second = await reseal(['--rate', '200']).ended;
    changes.abort();
    expect(second).toEqual({ code: 0, output: expect.stringContaining(`${present.publicKey.kid}\t22\tcurrent key`) });
    expect(await renaming).toBeGreaterThan(0);
    expect(second.output).toContain(`Resealed ${ids.length - done} of ${ids.length - done} connections`);

    const all = reader.records.flatMap((record) => {
      const read = Connections.decode(record);
      return read.ok && read.event.data.sourceOrg === org ? [read.event.data] : [];
    });
    for (const fact of all) {
      const { sealed, former: before, revision } = fact.credential;
      expect(await both.open(sealed, fact)).toEqual(revision === 1 ? good : rotated);
      if (before) expect(await both.open(before.sealed, fact)).toEqual(good);
    }
  });

  it('ends with all pairs, former ones too, sealed for the present key, and nothing left to do', async () => {
    const alone = KeyRing.parse(privateKeys(present));
    await waitFor('the last one on the topic', () => resealed() === ids.length);
    for (const fact of facts()) {
      const { sealed, former: before, revision } = fact.credential;
      expect(await alone.open(sealed, fact)).toEqual(revision === 1 ? good : rotated);
      if (before) expect(await alone.open(before.sealed, fact)).toEqual(good);
    }
    expect(facts().filter(({ credential }) => credential.former)).toHaveLength(2);
    await waitFor('the count of it', async () => (await byKid())[former.publicKey.kid] === undefined);
    expect(await byKid()).toEqual({ [present.publicKey.kid]: 22 });
    const again = await reseal([], { CREDENTIALS_PRIVATE_KEYS: privateKeys(present) }).ended;
    expect(again).toEqual({ code: 0, output: expect.stringContaining('Resealed 0 of 0') });
  });
});
