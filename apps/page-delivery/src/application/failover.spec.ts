import { expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import { aPage, aResolve, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed, type Setup } from './fakes.fixtures.ts';

const backupId = '00000000-0000-4000-8000-00000000000b';
const failover = { connectionId: backupId, teamId: 'team-7', teamHandle: 'operations' };

const running = (setup: Setup = {}) => {
  const process = aProcess(setup);
  const first = process.connect({ slug: 'globex-eu' });
  process.connect({ connectionId: backupId, slug: 'globex-ap', dataCenter: 'AP1' });
  process.own();
  process.delivery.start();
  const take = async (...commands: PageCommand[]) => {
    await process.delivery.handle(
      0,
      commands.map((command) => received(command)),
    );
    await process.clock.advance(0);
  };
  const callsOver = (connectionId: string) =>
    process.destination.calls.filter((it) => it.connectionId === connectionId);
  return { ...process, first, take, callsOver, backups: () => callsOver(backupId) };
};

const pagesOf = ({ log }: ReturnType<typeof running>) =>
  [...log.read(0).values()].flatMap(({ pages }) =>
    pages.map(({ status, reason }) => (reason ? `${status}: ${reason}` : status)),
  );

it('a page in a broken lane fails over in time, although none of its own calls has failed', async () => {
  const process = running({ concurrency: 1 });
  process.destination.always.set(process.first.connectionId, failed());
  const dead = Array.from({ length: 40 }, (_, n) => aPage({ alertKey: `dead-${n}` }));
  const page = aPage({ alertKey: 'backed-up', failover: { ...failover, afterSeconds: 60 } });
  await process.take(...dead, page);
  await process.clock.advance(59_000);
  expect(process.backups()).toEqual([]);

  await process.clock.advance(4000);
  expect(process.backups()).toHaveLength(1);
  await process.backups()[0]?.answer(created());
  expect(process.log.outcomesOf(page.pageId).filter((outcome) => outcome !== 'retried')).toEqual(['superseded']);
});

it('a page over a connection whose credential is refused fails over', async () => {
  const process = running();
  process.destination.always.set(process.first.connectionId, failed({ cause: 'credential' }));
  await process.take(aPage({ failover: { ...failover, afterSeconds: 30 } }));
  await process.clock.advance(33_000);
  await process.backups()[0]?.answer(created());

  expect(pagesOf(process)).toEqual(['superseded: failed-over', 'delivered']);
});

it.each([
  ['whose credential is refused', failed({ cause: 'credential' })],
  ['that is asked to pause', failed({ cause: 'rate-limited', retryAfterMs: 60 * 60_000 })],
])('a page fails over after two minutes over a connection %s, although it names only failures', async (_, trouble) => {
  const process = running();
  process.destination.always.set(process.first.connectionId, trouble);
  await process.take(aPage({ failover: { ...failover, afterFailures: 10 } }));
  await process.clock.advance(119_000);
  expect(process.backups()).toEqual([]);

  await process.clock.advance(4000);
  await process.backups()[0]?.answer(created());
  expect(pagesOf(process)).toEqual(['superseded: failed-over', 'delivered']);
});

it('a page and its backup enter the ledger in one write, and a crash right after it loses neither', async () => {
  const process = running();
  process.destination.always.set(process.first.connectionId, failed());
  const release = process.log.hold(1);
  await process.take(aPage({ failover: { ...failover, afterFailures: 1 } }));
  expect(pagesOf(process)).toEqual(['attempting']);
  expect(process.backups()).toEqual([]);
  process.delivery.disown(0);
  release();
  await process.clock.advance(0);
  expect(pagesOf(process)).toEqual(['pending', 'attempting']);

  const { log, clock, destination } = process;
  const successor = aProcess({ log, clock, destination });
  successor.connect();
  successor.connect({ connectionId: backupId });
  destination.always.set(process.first.connectionId, created('d-first'));
  destination.always.set(backupId, created('d-backup'));
  successor.own(0, 2);
  await clock.advance(5000);
  const open = log.writes
    .flat()
    .at(-1)
    ?.state?.pages.filter(({ status }) => status === 'delivered');
  expect(open).toHaveLength(1);
});

it('only one page stays open if the destination recovers while the backup is called', async () => {
  const process = running();
  await process.take(aPage({ failover: { ...failover, afterFailures: 1 } }));
  const first = () => process.callsOver(process.first.connectionId);
  await first()[0]?.answer(failed());
  await process.clock.advance(1000);
  expect([first().length, process.backups().length]).toEqual([2, 1]);
  await process.backups()[0]?.answer(created('d-backup'));
  await first()[1]?.answer(created('d-first'));

  expect(pagesOf(process)).toEqual(['resolving', 'delivered']);
  expect(first()[2]).toMatchObject({ kind: 'resolve', pageId: 'd-first' });
});

it('a recovery ends the page and its backup', async () => {
  const process = running();
  await process.take(aPage({ failover: { ...failover, afterFailures: 1 } }));
  await process.destination.calls[0]?.answer(failed());
  await process.delivery.handle(0, [received(aResolve())]);
  await process.backups()[0]?.answer(created('d-backup'));

  expect(pagesOf(process)).toEqual(['superseded: recovered', 'resolving']);
});
