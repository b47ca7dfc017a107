import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import { LogLimiter } from '@pagebridge/kafka';
import { aPage, received } from '../domain/commands/commands.features.ts';
import { aProcess, created, failed, type Setup } from './fakes.features.ts';
import { Notices } from './notices.ts';
import type { CallResult } from './ports.ts';

const backup = { connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'backup', teamHandle: 'backup' };

const running = async (answer: CallResult, its: Partial<PageCommand> = {}, setup: Setup = {}) => {
  const process = aProcess(setup);
  const { connectionId } = process.connect();
  process.connect({ connectionId: backup.connectionId });
  process.own();
  process.delivery.start();
  process.destination.always.set(connectionId, answer);
  process.destination.always.set(backup.connectionId, created());
  const page = aPage(its);
  await process.delivery.take(0, [received(page)]);
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

    expect(lines.filter((line) => 'reason' in line)).toEqual([
      expect.objectContaining({ ...of, reason: 'too-old', cure: expect.any(String) }),
    ]);
  });

  it.each([
    ['failures', failed(), { ...backup, afterFailures: 2 }],
    ['seconds', failed(), { ...backup, afterSeconds: 10 }],
    ['refused', { kind: 'refused', detail: 'no such team' }, { ...backup, afterSeconds: 600 }],
  ] as const)('names the backup of a page that fails over, and the cause: %s', async (cause, answer, failover) => {
    const { lines, of } = await running(answer, { failover });

    expect(lines.filter((line) => 'to' in line)).toEqual([
      expect.objectContaining({
        ...of,
        cause,
        to: expect.objectContaining({ connectionId: backup.connectionId, teamHandle: 'backup' }),
        cure: expect.any(String),
      }),
    ]);
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

  it('limits the lines of each kind', () => {
    const lines: object[] = [];
    const limit = new LogLimiter(() => undefined, { lines: 3, windowMs: 60_000 });
    const notices = new Notices({ warn: (fields) => void lines.push(fields) }, limit);
    const page = { sourceOrg: 'acme-us', alertKey: 'cpu', pageId: 'p', connectionId: 'c', teamHandle: 'core' };
    for (let n = 0; n < 100; n += 1) notices.undeliverable({ ...page, reason: 'rejected', detail: 'no such team' });

    expect(lines).toHaveLength(3);
  });
});
