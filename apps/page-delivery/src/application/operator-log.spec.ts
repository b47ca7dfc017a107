import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import { after, aPage, aResolve, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, FakeDestinationClient, failed, type Setup } from './fakes.fixtures.ts';
import { OperatorLog } from './operator-log.ts';
import type { CallResult } from './ports.ts';
import { aJob } from './scheduling/jobs.fixtures.ts';

const backup = { connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'backup', teamHandle: 'backup' };

const minutes = 60_000;

const running = async (answer: CallResult, its: Partial<PageCommand> = {}, setup: Setup = {}) => {
  const process = aProcess(setup);
  const { connectionId } = process.connect();
  process.connect({ connectionId: backup.connectionId });
  process.own();
  process.delivery.start();
  process.destination.always.set(connectionId, answer);
  process.destination.always.set(backup.connectionId, created());
  const page = aPage(its);
  await process.delivery.handle(0, [received(page)]);
  await process.clock.advance(30_000);
  const { sourceOrg, alertKey, pageId } = page;
  return { ...process, of: { sourceOrg, alertKey, pageId } };
};

describe('the log', () => {
  it('names the alert, the reason and the cure of each page that is given up', async () => {
    const { lines, of } = await running({ kind: 'refused', detail: 'no such team' });

    expect(lines).toEqual([
      expect.objectContaining({ ...of, reason: 'rejected', detail: 'no such team', cure: expect.any(String) }),
    ]);
  });

  it('names the same for a page that is too old', async () => {
    const { lines, of } = await running(failed(), {}, { policy: { maxAgeMs: 20_000 } });

    expect(lines.filter((line) => 'message' in line && line.message === 'page undeliverable')).toEqual([
      expect.objectContaining({ ...of, reason: 'too-old', cure: expect.any(String) }),
    ]);
  });

  it('does not tell to replay a page over a connection that is gone, since the replay would end the same way', async () => {
    const { lines, of, clock } = await running(created(), { connectionId: '00000000-0000-4000-8000-00000000000c' });
    await clock.advance(10_000);

    expect(lines).toEqual([expect.objectContaining({ ...of, reason: 'connection-unknown' })]);
    expect(lines).toEqual([expect.objectContaining({ cure: expect.not.stringContaining('Then replay') })]);
  });

  it.each([
    ['failures', failed(), { ...backup, afterFailures: 2 }],
    ['seconds', failed(), { ...backup, afterSeconds: 10 }],
    ['refused', { kind: 'refused', detail: 'no such team' }, { ...backup, afterSeconds: 600 }],
  ] as const)('names the backup of a page that fails over, and the reason: %s', async (reason, answer, failover) => {
    const { lines, of } = await running(answer, { failover });

    expect(lines.filter((line) => 'to' in line)).toEqual([
      expect.objectContaining({
        ...of,
        reason,
        to: expect.objectContaining({ connectionId: backup.connectionId, teamHandle: 'backup' }),
        cure: expect.any(String),
      }),
    ]);
  });

  it.each([
    ['was given up', { kind: 'refused', detail: 'no such team' }, {}],
    ['failed over', failed(), { failover: { ...backup, afterFailures: 2 } }],
  ] as const)('names a page that %s once, also if its alert recovers after days', async (_, answer, its) => {
    const { lines, of, delivery, destination, clock } = await running(answer, its);
    for (const id of destination.always.keys()) destination.always.set(id, { kind: 'resolved' });
    await clock.advance(24 * 60 * minutes);
    const before = lines.length;
    await delivery.handle(0, [received(aResolve({ alertKey: of.alertKey, occurredAt: '2026-02-01T12:00:00.000Z' }))]);
    await clock.advance(0);

    expect(lines.slice(before)).toEqual([]);
  });

  it('names once the page, the missing permission and the cure of a refused credential', async () => {
    const refused = failed({ cause: 'credential', detail: 'answered 401' });
    const { lines, of } = await running(refused);

    expect(lines).toEqual([
      expect.objectContaining({
        ...of,
        reason: 'credential-refused',
        detail: 'answered 401',
        cure: expect.any(String),
      }),
    ]);
  });

  it('says of a credential that cannot be opened which variable lacks its key, and so does the report', async () => {
    const destination = new FakeDestinationClient();
    destination.diagnosis = { kind: 'unopenable' };
    const unopenable = failed({ cause: 'credential', detail: 'sealed for key "k2"' });
    const { lines, of, reports } = await running(unopenable, {}, { destination });

    const cure = expect.stringContaining('CREDENTIALS_PRIVATE_KEYS');
    const message = 'credential cannot be decrypted; pages delayed';
    expect(lines).toEqual([expect.objectContaining({ ...of, message, detail: 'sealed for key "k2"', cure })]);
    expect(reports).toEqual([expect.stringContaining('credential-fault unopenable')]);
  });

  it('names the connection, the answer and the cure of a destination that keeps failing', async () => {
    const { lines, of, connections } = await running(
      failed({ detail: 'answered 503' }),
      {},
      { policy: { maxAgeMs: 1e9 } },
    );
    const { sourceOrg, alertKey } = of;
    const [{ connectionId = '' } = {}] = lines as { connectionId?: string }[];
    const { slug, destinationOrg } = connections.get(connectionId) ?? {};

    // The first few failures are not logged.
    expect(lines.length).toBeLessThan(3);
    expect(lines).toContainEqual(
      expect.objectContaining({
        sourceOrg,
        alertKey,
        slug,
        destinationOrg,
        detail: 'answered 503',
        cure: expect.any(String),
      }),
    );
  });

  it('names the page that stays open in the destination because its resolve is refused, and the cure', async () => {
    const { lines, of, delivery, destination, clock } = await running(created('d-7'));
    for (const id of destination.always.keys()) destination.always.set(id, { kind: 'refused', detail: 'answered 400' });
    await delivery.handle(0, [received(aResolve({ alertKey: of.alertKey }))]);
    await clock.advance(0);

    const destinationPageId = 'd-7';
    expect(lines).toEqual([
      expect.objectContaining({ ...of, destinationPageId, reason: 'rejected', detail: 'answered 400' }),
    ]);
    expect(lines[0]).toMatchObject({ cure: expect.stringContaining('Resolve') });
  });

  it.each([
    ['it waits for its next attempt', 0],
    ['its call is in flight', 40_000],
  ])('names a page that may exist although its alert recovered while %s', async (_, ms) => {
    const lost = failed({ cause: 'timeout', detail: 'no answer', mayHaveCreated: true });
    const { lines, of, delivery, destination, clock } = await running(lost, {}, {});
    destination.always.clear();
    await clock.advance(ms);
    await delivery.handle(0, [received(aResolve({ alertKey: of.alertKey }))]);
    await destination.calls.at(-1)?.answer(lost);

    expect(lines.filter((line) => 'destinationPageId' in line)).toEqual([
      expect.objectContaining({
        ...of,
        reason: 'recovered',
        detail: expect.stringContaining('may have created a page'),
        cure: expect.stringContaining(`page-id:${of.pageId}`),
      }),
    ]);
  });

  it('names a page that may exist although its alert recovered, when its partition is taken over', async () => {
    const before = await running(failed());
    before.destination.always.clear();
    await before.clock.advance(40_000);
    await before.delivery.handle(0, [received(aResolve({ alertKey: before.of.alertKey }))]);
    const { clock, log, destination } = before;
    const next = aProcess({ clock, log, destination });
    next.own(0, 2);

    expect(next.lines).toEqual([expect.objectContaining({ ...before.of, reason: 'recovered' })]);
  });

  it.each([
    ['a rate limit', failed({ cause: 'rate-limited', detail: 'answered 429', retryAfterMs: 600_000 })],
    ['a 503 with Retry-After', failed({ detail: 'answered 503, retry later', retryAfterMs: 600_000 })],
    ['a 403 although the credential is good', failed({ cause: 'forbidden', detail: 'answered 403' })],
  ])('names the connection, the answer and the cure of a page that waits for minutes: %s', async (_, answer) => {
    const { lines, of, clock } = await running(answer);
    expect(lines).toEqual([]);
    await clock.advance(4 * minutes);

    const { detail } = answer as { detail: string };
    const [line] = lines;
    expect(line).toMatchObject({ ...of, slug: 'globex-eu', step: 'create', detail, cure: expect.any(String) });
  });

  it('names a page that its team never gets, although the other pages of the connection are accepted', async () => {
    const { delivery, destination, clock, lines } = await running(created());
    destination.always.clear();
    const page = aPage({ alertKey: 'unlucky', teamId: 'broken' });
    await delivery.handle(0, [received(page)]);
    for (let n = 0; n < 30; n += 1) {
      await delivery.handle(0, [received(aPage({ alertKey: `alert-${n}` }))]);
      await clock.advance(0);
      for (const { teamId, answer } of destination.calls.slice()) {
        await answer(teamId === 'broken' ? failed({ detail: 'answered 500' }) : created());
      }
      await clock.advance(10_000);
    }

    const [line] = lines;
    const { alertKey, pageId, connectionId } = page;
    expect(line).toMatchObject({ alertKey, pageId, connectionId, detail: 'answered 500' });
  });

  it('names one page of a connection whose pages wait, however many they are', async () => {
    const limited = failed({ cause: 'rate-limited', detail: 'answered 429', retryAfterMs: 600_000 });
    const { delivery, clock, lines, of } = await running(limited);
    await delivery.handle(
      0,
      Array.from({ length: 100 }, (_, n) => received(aPage({ alertKey: `alert-${n}` }))),
    );
    await clock.advance(9 * minutes);

    expect(lines.length).toBeLessThan(10);
    expect(new Set(lines.map((line) => (line as { pageId: string }).pageId))).toEqual(new Set([of.pageId]));
  });

  it.each([
    ['is refused', { kind: 'refused', detail: 'no such team' }, {}],
    ['has no connection', created(), { connectionId: '00000000-0000-4000-8000-00000000000c' }],
    ['fails over', failed(), { failover: { ...backup, afterFailures: 2 } }],
    ['waits for a credential', failed({ cause: 'credential', detail: 'answered 401' }), {}],
    ['waits for a destination that fails', failed(), {}],
    ['waits for a rate limit', failed({ cause: 'rate-limited', retryAfterMs: 600_000 }), {}],
    ['meets a bug', undefined, {}],
  ] as const)(
    'has alert, page, connection, reason and cure in each line about a page that %s',
    async (_, answer, its) => {
      const destination = new FakeDestinationClient();
      if (!answer) destination.create = () => Promise.reject(new TypeError('no such field'));
      const { lines, of, clock } = await running(answer ?? created(), its, { destination });
      await clock.advance(5 * minutes);

      const connectionId = expect.any(String);
      const all = {
        ...of,
        connectionId,
        reason: expect.stringMatching(/^[a-z-]+$/),
        cure: expect.stringMatching(/\.$/),
      };
      expect(lines).toEqual(lines.map(() => expect.objectContaining(all)));
      expect(lines.length).toBeGreaterThan(0);
    },
  );

  it('says nothing of a page that has ended while its attempt was prepared', () => {
    const lines: object[] = [];
    const job = aJob('high/create');
    const ended = { ...after(aPage()).pages[0], pageId: job.pageId, status: 'superseded' };
    Object.assign(job, { ledgerPartition: { get: () => ({ pages: [ended] }) } });
    const add = (fields: object) => void lines.push(fields);
    new OperatorLog({ warn: add, error: add }).pageWaits(job, aConnection());
    expect(lines).toEqual([]);
  });

  it('names the alert of a record that Kafka rejects, with reason and cure', () => {
    const lines: object[] = [];
    const add = (fields: object) => void lines.push(fields);
    new OperatorLog({ warn: add, error: add }).unwritten('acme-us/host/a', 'it is too large');

    const cure = expect.stringContaining('max.message.bytes');
    const its = { sourceOrg: 'acme-us', alertKey: 'host/a', reason: 'unwritable', detail: 'it is too large', cure };
    expect(lines).toEqual([its]);
  });

  it('names each connection whose pages wait, the longest wait first, also beyond twenty connections', async () => {
    const process = aProcess();
    process.own();
    process.delivery.start();
    const ids = Array.from({ length: 30 }, (_, n) => `00000000-0000-4000-8000-0000000000${10 + n}`);
    for (const connectionId of ids.toReversed()) process.connect({ connectionId });
    for (const connectionId of ids) {
      process.destination.always.set(connectionId, failed({ cause: 'rate-limited', retryAfterMs: 3_600_000 }));
      const time = process.clock.now().toISOString();
      await process.delivery.handle(0, [{ ...received(aPage({ connectionId, alertKey: connectionId })), time }]);
      await process.clock.advance(10);
    }
    await process.clock.advance(5 * minutes);

    const named = process.lines.map((line) => (line as { connectionId: string }).connectionId);
    expect([...new Set(named)]).toEqual(ids);
  });
});
