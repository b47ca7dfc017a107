import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uniqueName } from '@pagebridge/testing';
import { RunningService } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
beforeAll(() => service.start());
afterAll(async () => {
  await service.stop();
  jest.restoreAllMocks();
});

interface Page {
  readonly items: { id: string; requestId: string; before: object | null; after: object | null }[];
  readonly next: string | null;
}
const mebibyte = 1024 * 1024;
const read = async (path: string) => {
  const { status, text } = await service.send('GET', path);
  expect({ status, isBounded: Buffer.byteLength(text) <= mebibyte }).toEqual({ status: 200, isBounded: true });
  return JSON.parse(text) as Page;
};
const handles = (count: number, word: string) =>
  Array.from({ length: count }, (_, n) => `${word}-${String(n).padStart(4, '0')}-`.padEnd(195, 'x'));
const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

describe('the audit of an org', () => {
  it('has at most 1 KiB of a change of a thousand handles: counts, the first that differ, and hashes', async () => {
    const org = uniqueName('acme');
    const [kept, was, is] = [handles(900, 'kept'), handles(100, 'was'), handles(99, 'is')];
    for (const localHandles of [
      [...kept, ...was],
      [...kept, ...is],
    ]) {
      const { status } = await service.send('PUT', `/v1/source-orgs/${org}`, { localHandles }, { 'if-match': '*' });
      expect(status).toBe(200);
    }
    const sql =
      'SELECT COALESCE(LENGTH(before_change), 0) + COALESCE(LENGTH(after_change), 0) AS bytes FROM audit_entries';
    for (const { bytes } of await service.database.query<{ bytes: string }>(sql)) {
      expect(Number(bytes)).toBeLessThanOrEqual(1024);
    }
    const [last] = (await read(`/v1/source-orgs/${org}/audit`)).items;
    const first = (begins: string) => Array(4).fill(expect.stringMatching(`^${begins}-000\\d-`));
    expect(last).toMatchObject({
      before: { version: 1, localHandles: { count: 1000, first: first('was'), sha256: sha256([...kept, ...was]) } },
      after: { version: 2, localHandles: { count: 999, first: first('is'), sha256: sha256([...kept, ...is]) } },
    });
  });

  it('is answered with at most 1 MiB, whatever the limit, and the following pages have the rest', async () => {
    const org = uniqueName('acme');
    const large = JSON.stringify({ localHandles: handles(1000, 'web') });
    const sql = `INSERT INTO audit_entries (source_org, actor, action, target, before_change, after_change, request_id, at)
      VALUES (?, ?, 'source-org.changed', ?, ?, ?, '', NOW(3))`;
    // As former versions wrote them, and with an actor that is twice as long in JSON.
    for (let n = 0; n < 7; n += 1) await service.database.query(sql, [org, '"'.repeat(513), org, large, large]);
    const sizes: number[] = [];
    const ids: string[] = [];
    for (let next: string | null = `/v1/source-orgs/${org}/audit?limit=200`; next; ) {
      const page: Page = await read(next);
      sizes.push(page.items.length);
      ids.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    expect(sizes).toEqual([2, 2, 2, 1]);
    expect(new Set(ids).size).toBe(7);
  });

  const org = uniqueName('acme');
  beforeAll(async () => {
    const [one, two] = ['0199f3a0-0000-7000-8000-000000000001', '0199f3a0-0000-7000-8000-000000000002'];
    const entries = [
      ['https://a.example#ada', 'connection.changed', one, '01'],
      ['https://a.example#bot', 'sync.requested', one, '02'],
      ['https://a.example#bot', 'connection.changed', two, '03'],
      ['https://a.example#ada', 'connection.changed', one, '04'],
      ['https://a.example#ada', 'source-org.changed', org, '04'],
    ].map(([actor, action, target, day], n) => [org, actor, action, target, n + 1, `2026-05-${day} 00:00:00`]);
    const sql = 'INSERT INTO audit_entries (source_org, actor, action, target, request_id, at) VALUES ?';
    await service.database.query(sql, [entries]);
  });

  it.each([
    ['no parameter', {}, '54321'],
    ['an action', { action: 'connection.changed' }, '431'],
    ['an actor', { actor: 'https://a.example#bot' }, '32'],
    ['a target', { target: '0199f3a0-0000-7000-8000-000000000001' }, '421'],
    ['a time from which on', { from: '2026-05-02T00:00:00Z' }, '5432'],
    ['a time that is too late', { to: '2026-05-04T02:00:00+02:00' }, '321'],
    [
      'all of them',
      { action: 'connection.changed', actor: 'https://a.example#ada', from: '2026-05-02T00:00:00Z' },
      '4',
    ],
    ['what nobody did', { action: 'token.created' }, ''],
  ])('is listed by %s on every page, newest first', async (_what, parameters, expected) => {
    for (const limit of ['1', '2', '50']) {
      let listed = '';
      const first = new URLSearchParams({ ...parameters, limit });
      for (let next: string | null = `/v1/source-orgs/${org}/audit?${first}`; next; ) {
        const page: Page = await read(next);
        listed += page.items.map(({ requestId }) => requestId).join('');
        next = page.next;
      }
      expect(listed).toBe(expected);
    }
  });
});
