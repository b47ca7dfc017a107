import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Command } from '@pagebridge/contracts';
import { collectGarbage, settled } from '@pagebridge/testing';
import { aPage, aResolve, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed, type Setup } from './fakes.fixtures.ts';
import { PartitionLost } from './ledger/partition-lost.ts';

const running = (setup: Setup = {}) => {
  const process = aProcess(setup);
  process.connect();
  process.own();
  const take = async (...commands: Command[]) => {
    await process.delivery.handle(
      0,
      commands.map((command) => received(command)),
    );
    await process.clock.advance(0);
    await process.clock.advance(0);
  };
  return { ...process, take };
};

/** Starts another process that takes the partition over, from the records of the first one. */
const successor = ({ log, clock, destination }: ReturnType<typeof running>, ownerEpoch = 2) => {
  const process = aProcess({ log, clock, destination });
  process.connect();
  process.own(0, ownerEpoch);
  return process;
};

const status = ({ log }: ReturnType<typeof running>) => [...log.read(0).values()][0]?.pages.map((page) => page.status);

describe('taking commands', () => {
  it('resolves once the ledger holds the commands, and pages no earlier', async () => {
    const process = running();
    const release = process.log.hold();
    let committed = false;

    const taking = process.delivery.handle(0, [received(aPage())]).then(() => {
      committed = true;
    });
    await process.clock.advance(1000);
    expect(committed).toBe(false);
    expect(process.destination.calls).toEqual([]);

    release();
    await taking;
    await process.clock.advance(0);
    expect(process.destination.calls).toHaveLength(1);
  });

  it('writes a batch once', async () => {
    const process = running();
    await process.take(...Array.from({ length: 50 }, (_, n) => aPage({ alertKey: `alert-${n}` })));

    expect(process.log.writes[0]).toHaveLength(50);
  });

  it('retains no command in memory while the ledger is being written', async () => {
    const process = running();
    const release = process.log.hold();
    const take = () => {
      const commands = [received(aPage())];
      return { command: new WeakRef(commands[0] as object), taking: process.delivery.handle(0, commands) };
    };
    const { command, taking } = take();
    await setImmediate();
    collectGarbage();
    expect(command.deref()).toBeUndefined();
    release();
    await taking;
  });

  it('resolves a page once the ledger holds it as resolving, unless a rebalance has begun meanwhile', async () => {
    const process = running();
    await process.take(aPage());
    await process.destination.calls[0]?.answer(created());
    const release = process.log.hold();
    const taking = process.delivery.handle(0, [received(aResolve())]);
    await process.clock.advance(900);
    expect(process.destination.calls).toHaveLength(1);

    process.lease.held = false;
    release();
    await taking;
    await process.clock.advance(1000);
    expect(process.destination.calls).toHaveLength(1);

    process.lease.held = true;
    await process.clock.advance(250);
    expect(process.destination.calls.map(({ kind }) => kind)).toEqual(['create', 'resolve']);
  });

  it('announces the attempt in the write of the new page, if the lane has room', async () => {
    const process = running({ concurrency: 1 });
    await process.take(aPage({ alertKey: 'first' }), aPage({ alertKey: 'second' }));

    const statuses = process.log.writes[0]?.map(({ state }) => state?.pages.map((page) => page.status));
    expect(statuses).toEqual([['attempting'], ['pending']]);
    expect(process.destination.calls).toHaveLength(1);
  });

  it('pages for a trigger that follows, in its batch, so many old ones of its alert that one record cannot hold them', async () => {
    const process = running();
    await process.clock.advance(5 * 60 * 60_000);
    const old = Array.from({ length: 200 }, (_, n) =>
      aPage({ alertEventId: `old-${n}`, description: 'x'.repeat(8192) }),
    );
    await process.take(...old, aPage({ teamId: 'fresh', occurredAt: '2026-01-31T16:59:00.000Z' }));

    expect(process.destination.calls.map(({ teamId }) => teamId)).toEqual(['fresh']);
    expect(process.log.letters).toEqual(old.map(({ pageId }) => pageId));
    expect(new Set(process.log.published.map(({ reason }) => reason))).toEqual(new Set(['too-old']));
  });

  it('attempts a page that waited for a slot once, and again only after its backoff', async () => {
    const process = running({ concurrency: 1 });
    await process.take(aPage({ alertKey: 'first' }), aPage({ alertKey: 'second' }));
    await process.destination.calls[0]?.answer(created());
    await process.clock.advance(0);
    await process.destination.calls[1]?.answer(failed());
    await process.clock.advance(999);
    expect(process.destination.calls).toHaveLength(2);

    await process.clock.advance(1);
    expect(process.destination.calls).toHaveLength(3);
  });

  it('keeps a page that arrives while its alert is being written', async () => {
    const process = running({ concurrency: 1 });
    const release = process.log.hold();
    const first = process.delivery.handle(0, [received(aPage())]);
    await process.clock.advance(0);
    const second = process.delivery.handle(0, [received(aPage({ pageId: 'another-page-of-it', teamId: 'team-2' }))]);
    await process.clock.advance(0);
    release();
    await Promise.all([first, second]);
    await process.clock.advance(0);
    await process.destination.calls[0]?.answer(created());
    await process.clock.advance(60_000);

    expect(process.destination.calls.map(({ pageId }) => pageId)).toHaveLength(2);
    expect(new Set(process.destination.calls.map(({ pageId }) => pageId)).size).toBe(2);
  });

  it('continues when the ledger can be written again', async () => {
    const process = running();
    process.log.failNext(3);

    const taking = process.delivery.handle(0, [received(aPage())]);
    await process.clock.advance(1000);
    await taking;

    expect(status(process)).toEqual(['attempting']);
  });

  it('rejects commands of a partition that is not owned, so that no offset is committed', async () => {
    const process = aProcess();

    await expect(process.delivery.handle(7, [received(aPage())])).rejects.toThrow(PartitionLost);
  });

  it('keeps the record of an alert small under a flood of its commands', async () => {
    const process = running();
    const flood = Array.from({ length: 400 }, (_, n) => {
      const second = new Date(Date.parse('2026-01-31T12:00:00Z') + n * 100).toISOString();
      return n % 2 === 0 ? aPage({ occurredAt: second }) : aResolve({ occurredAt: second });
    });
    await process.take(...flood, ...flood);

    const sizes = process.log.writes.flat().map((write) => JSON.stringify(write.state).length);
    expect(Math.max(...sizes)).toBeLessThan(500_000);
    expect(process.log.published.filter(({ outcome }) => outcome === 'superseded').length).toBeGreaterThanOrEqual(200);
  });
});

describe('an attempt', () => {
  it('is announced in the ledger before the call', async () => {
    const process = running();
    await process.take(aPage());

    expect(process.destination.calls).toHaveLength(1);
    expect(status(process)).toEqual(['attempting']);
  });

  it('writes the state and publishes the outcome', async () => {
    const process = running();
    const page = aPage();
    await process.take(page);
    await process.destination.calls[0]?.answer(created());

    expect(status(process)).toEqual(['delivered']);
    expect(process.log.outcomesOf(page.pageId)).toEqual(['delivered']);
  });

  it('that failed is repeated after its backoff, untagged, with the outcome retried', async () => {
    const process = running();
    const page = aPage();
    await process.take(page);
    await process.destination.calls[0]?.answer(failed());
    await process.clock.advance(999);
    expect(process.destination.calls).toHaveLength(1);

    await process.clock.advance(1);
    await process.destination.calls[1]?.answer(created());

    expect(process.destination.calls.map(({ tagged }) => tagged)).toEqual([false, false]);
    expect(process.log.outcomesOf(page.pageId)).toEqual(['retried', 'delivered']);
  });

  it('whose answer was lost is repeated as a possible duplicate', async () => {
    const process = running();
    await process.take(aPage());
    await process.destination.calls[0]?.answer(failed({ cause: 'timeout', mayHaveCreated: true }));
    await process.clock.advance(1000);

    expect(process.destination.calls.map(({ tagged }) => tagged)).toEqual([false, true]);
  });

  it('makes no call if the alert recovers while the attempt is announced', async () => {
    const process = running();
    const page = aPage();
    const release = process.log.hold();
    const taking = process.delivery.handle(0, [received(page)]);
    await process.clock.advance(0);
    const recovering = process.delivery.handle(0, [received(aResolve())]);
    release();
    await Promise.all([taking, recovering]);
    await process.clock.advance(1000);

    expect(process.destination.calls).toEqual([]);
    expect(process.log.outcomesOf(page.pageId)).toEqual(['superseded']);
  });

  it('that is in flight when the alert recovers is followed by a resolve', async () => {
    const process = running();
    const page = aPage();
    await process.take(page);
    await process.take(aResolve());
    await process.destination.calls[0]?.answer(created('d-9'));
    await process.destination.calls[1]?.answer({ kind: 'resolved' });

    expect(process.destination.calls.map(({ kind, pageId }) => [kind, pageId])).toEqual([
      ['create', page.pageId],
      ['resolve', 'd-9'],
    ]);
    expect(process.log.outcomesOf(page.pageId)).toEqual(['delivered', 'resolved']);
  });

  it('that is refused for good ends as undeliverable', async () => {
    const process = running();
    const page = aPage();
    await process.take(page);
    await process.destination.calls[0]?.answer({ kind: 'refused', detail: 'no such team' });

    expect(process.log.published).toMatchObject([{ outcome: 'undeliverable', reason: 'rejected', attempts: 1 }]);
  });

  it('to resolve is repeated until it succeeds', async () => {
    const process = running();
    await process.take(aPage());
    await process.destination.calls[0]?.answer(created());
    await process.take(aResolve());
    await process.destination.calls[1]?.answer(failed());
    await process.clock.advance(1000);
    await process.destination.calls[2]?.answer({ kind: 'resolved' });

    expect(status(process)).toEqual(['resolved']);
  });
});

describe('after a crash', () => {
  it('a page that was never attempted is sent untagged', async () => {
    const first = running();
    first.lease.held = false;
    await first.take(aPage());
    const second = successor(first);
    await second.clock.advance(0);

    expect(first.destination.calls.map(({ tagged }) => tagged)).toEqual([false]);
  });

  it('an attempt without a recorded answer is repeated as a possible duplicate', async () => {
    const first = running();
    await first.take(aPage());
    const second = successor(first);
    await second.clock.advance(0);

    expect(first.destination.calls.map(({ tagged }) => tagged)).toEqual([false, true]);
  });

  it('a delivered page is not called again, and its outcome is published again under the same id', async () => {
    const first = running();
    const page = aPage();
    await first.take(page);
    await first.destination.calls[0]?.answer(created());
    const second = successor(first);
    await second.clock.advance(100);

    expect(first.destination.calls).toHaveLength(1);
    expect(first.log.outcomesOf(page.pageId)).toEqual(['delivered', 'delivered']);
  });

  it('an outcome that the ledger shows as published is not published again', async () => {
    const first = running();
    const page = aPage();
    await first.take(page);
    await first.destination.calls[0]?.answer(created());
    await first.clock.advance(10_000);
    first.delivery.sweep();
    await first.clock.advance(0);
    const second = successor(first);
    await second.clock.advance(0);

    expect(first.log.outcomesOf(page.pageId)).toEqual(['delivered']);
  });

  it('after a storm, one more write of one alert records that all outcomes are published', async () => {
    const process = running({ concurrency: 600, destinationConcurrency: 600 });
    const calls = Array.from({ length: 600 }, (_, n) => aPage({ alertKey: `alert-${n}` }));
    await process.take(...calls);
    for (const call of process.destination.calls) void call.answer(created());
    await process.clock.advance(10_000);
    const before = process.log.writes.length;
    process.delivery.sweep();
    await process.clock.advance(20_000);
    process.delivery.sweep();
    await process.clock.advance(0);
    const second = successor(process);
    await second.clock.advance(0);

    expect(process.log.writes.slice(before).map((write) => write.length)).toEqual([1]);
    expect(process.log.published).toHaveLength(600);
  });

  it('the outcome of a page that recovered during a call whose answer is lost is published by the next owner', async () => {
    const first = running();
    const page = aPage();
    await first.take(page);
    await first.take(aResolve());
    const second = successor(first);
    await second.clock.advance(1000);

    expect(first.log.outcomesOf(page.pageId)).toEqual(['superseded']);
    expect(status(first)).toEqual(['superseded']);
  });

  it('a command that is delivered again pages once', async () => {
    const first = running();
    const page = aPage();
    await first.take(page);
    await first.destination.calls[0]?.answer(created());
    const second = successor(first);
    await second.delivery.handle(0, [received(page)]);
    await second.clock.advance(1000);

    expect(first.destination.calls).toHaveLength(1);
  });
});

describe('a partition that is lost', () => {
  it('is not worked on any more, and the answer of a call in flight is not written', async () => {
    const first = running({ concurrency: 1 });
    await first.take(aPage({ alertKey: 'a' }), aPage({ alertKey: 'b' }));
    first.delivery.disown(0);
    const before = first.log.writes.length;
    await first.destination.calls[0]?.answer(created());
    await first.clock.advance(60_000);

    expect(first.destination.calls).toHaveLength(1);
    expect(first.log.writes).toHaveLength(before);
  });

  it('rejects a batch that waits for the ledger, so that its offset is not committed', async () => {
    const first = running();
    first.log.hold();
    const taking = first.delivery.handle(0, [received(aPage())]);
    await settled();
    first.delivery.disown(0);

    await expect(taking).rejects.toThrow(PartitionLost);
  });

  it('is not worked on without the lease, and is again once the lease is back', async () => {
    const first = running();
    first.lease.held = false;
    await first.take(aPage());
    await first.clock.advance(5000);
    expect(first.destination.calls).toEqual([]);

    first.lease.held = true;
    await first.clock.advance(250);
    expect(first.destination.calls).toHaveLength(1);
  });

  it('makes no call that was announced before the lease ended', async () => {
    const first = running();
    const release = first.log.hold();
    const taking = first.delivery.handle(0, [received(aPage())]);
    await first.clock.advance(0);
    first.lease.held = false;
    release();
    await taking;
    await first.clock.advance(10);

    expect(first.destination.calls).toEqual([]);
    expect(status(first)).toEqual(['pending']);
  });
});

describe('while another instance may own the partition', () => {
  it('an answer is not written, and publishes no second end of a page that the other instance has ended', async () => {
    const first = running();
    const page = aPage();
    await first.take(page);
    first.lease.owned = false;
    await first.destination.calls[0]?.answer(created());
    const second = successor(first);
    await second.delivery.handle(0, [received(aResolve())]);
    await second.clock.advance(1000);
    expect(first.log.outcomesOf(page.pageId)).toEqual(['superseded']);

    first.delivery.disown(0);
    first.lease.owned = true;
    await first.clock.advance(1000);
    expect(first.log.outcomesOf(page.pageId)).toEqual(['superseded']);
  });

  it('an answer waits, and is written if the partition is still owned by this instance', async () => {
    const first = running();
    const page = aPage();
    await first.take(page);
    first.lease.owned = false;
    await first.destination.calls[0]?.answer(created());
    await first.clock.advance(1000);
    expect(first.log.outcomesOf(page.pageId)).toEqual([]);

    first.lease.owned = true;
    await first.clock.advance(1000);
    expect(first.log.outcomesOf(page.pageId)).toEqual(['delivered']);
    expect(first.destination.calls).toHaveLength(1);
  });

  it('a batch of commands is rejected, so that the instance can rejoin the group, and changes nothing twice', async () => {
    const first = running();
    first.lease.owned = false;
    const taking = expect(first.delivery.handle(0, [received(aPage())])).rejects.toThrow(PartitionLost);
    await first.clock.advance(250);
    await taking;
    expect(first.log.writes).toEqual([]);

    first.lease.owned = true;
    const again = first.take(aPage());
    await first.clock.advance(250);
    await again;
    expect(first.destination.calls).toHaveLength(1);
  });
});

describe('before the instance rejoins the group', () => {
  it('a call in flight ends and its answer is written, so that the next owner creates no second page', async () => {
    const first = running();
    await first.take(aPage(), aPage({ alertKey: 'later' }));
    first.lease.held = false;
    let isSettled = false;
    const settling = first.delivery.callsRecorded().then(() => {
      isSettled = true;
    });
    await first.clock.advance(100);
    expect(isSettled).toBe(false);

    for (const call of first.destination.calls) await call.answer(created());
    await first.clock.advance(100);
    await settling;
    const second = successor(first);
    await second.clock.advance(1000);

    expect(first.destination.calls.map(({ tagged }) => tagged)).toEqual([false, false]);
  });

  it('the wait for a hanging call ends in time, and the next owner repeats the call as a possible duplicate', async () => {
    const first = running();
    await first.take(aPage());
    first.lease.held = false;
    const patience = new AbortController();
    const settling = first.delivery.callsRecorded(patience.signal);
    patience.abort();
    await first.clock.advance(20);
    await settling;
    const second = successor(first);
    await second.clock.advance(0);

    expect(first.destination.calls.map(({ tagged }) => tagged)).toEqual([false, true]);
  });
});

describe('a page that cannot be delivered', () => {
  const end = ({ log }: ReturnType<typeof running>) => log.published.map(({ outcome, reason }) => [outcome, reason]);
  const checkAfter = async (process: ReturnType<typeof running>, ms: number) => {
    await process.clock.advance(ms);
    await process.clock.advance(10);
  };

  it('is given up when it is too old, also if its lane is closed', async () => {
    const process = running();
    await process.take(aPage());
    await process.destination.calls[0]?.answer(failed({ cause: 'credential' }));
    process.destination.always.set('6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', failed({ cause: 'credential' }));
    await checkAfter(process, 4 * 60 * 60_000);

    expect(end(process).at(-1)).toEqual(['undeliverable', 'too-old']);
  });

  it('is as old as its command, also if the command was read late', async () => {
    const process = running();
    await process.clock.advance(3 * 60 * 60_000);
    await process.take(aPage());
    await process.destination.calls[0]?.answer(failed());
    expect(process.lanes.longestWaits(179 * 60_000)).toHaveLength(1);

    process.destination.always.set('6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', failed());
    await checkAfter(process, 61 * 60_000);
    expect(end(process).at(-1)).toEqual(['undeliverable', 'too-old']);
    expect(process.log.published.at(-1)?.detail).toBe(
      'The destination did not accept the page within 240 minutes after its command was written. Last error: answered 503',
    );
  });

  it('is given up as not called if its command was read shortly before', async () => {
    const process = running();
    process.lease.held = false;
    await process.clock.advance(239 * 60_000);
    await process.take(aPage());
    await checkAfter(process, 61_000);

    expect(end(process)).toEqual([['undeliverable', 'too-old']]);
    expect(process.log.published.at(-1)?.detail).toBe(
      'The destination was not called within 240 minutes after its command was written.',
    );
  });

  it('is as young as the latest trigger that joined it, however late its own command was read', async () => {
    const process = running();
    process.destination.always.set('6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', failed());
    await process.clock.advance(235 * 60_000);
    await process.take(aPage());
    await process.take(aPage({ occurredAt: '2026-01-31T15:53:00.000Z' }));
    await checkAfter(process, 15 * 60_000);
    expect(end(process).map(([outcome]) => outcome)).not.toContain('undeliverable');

    process.destination.always.set('6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', created());
    await process.clock.advance(60_000);
    expect(end(process).at(-1)).toEqual(['delivered', undefined]);
  });

  it('waits for an unknown connection for the grace time, also if its command was read late', async () => {
    const process = running();
    await process.clock.advance(60 * 60_000);
    await process.take(aPage({ connectionId: '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10' }));
    await checkAfter(process, 29_000);
    expect(end(process)).toEqual([]);

    await checkAfter(process, 1250);
    expect(end(process)).toEqual([['undeliverable', 'connection-unknown']]);
  });

  it('waits for an unknown connection for the grace time, then is given up', async () => {
    const process = running();
    await process.take(aPage({ connectionId: '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10' }));
    await checkAfter(process, 29_000);
    expect(end(process)).toEqual([]);

    await checkAfter(process, 1250);
    expect(end(process)).toEqual([['undeliverable', 'connection-unknown']]);
  });

  it('waits beyond the grace time for a connection that may not have been read', async () => {
    const process = running();
    const connectionId = '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10';
    process.connections.mayLack = () => true;
    await process.take(aPage({ connectionId }));
    await process.take(aPage({ alertKey: 'other', connectionId: '00000000-0000-4000-8000-000000000000' }));
    await checkAfter(process, 60_000);
    expect(end(process)).toEqual([]);

    process.destination.always.set(connectionId, created());
    process.connect({ connectionId });
    process.connections.mayLack = () => false;
    await checkAfter(process, 2000);
    expect(end(process)).toEqual([
      ['delivered', undefined],
      ['undeliverable', 'connection-unknown'],
    ]);
  });

  it('is given up in limited groups, however many such pages there are', async () => {
    const process = running();
    const connectionId = '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10';
    await process.take(...Array.from({ length: 1200 }, (_, n) => aPage({ alertKey: `alert-${n}`, connectionId })));
    const ends: number[] = [];
    for (const ms of [30_000, 250, 250, 250, 250]) {
      await checkAfter(process, ms);
      ends.push(end(process).length);
    }

    expect(ends).toEqual([250, 500, 750, 1000, 1200]);
  });

  it('leaves the queue when its alert recovers', async () => {
    const process = running();
    await process.take(aPage({ connectionId: '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10' }));
    await process.take(aResolve());

    expect(process.lanes.longestWaits(0)).toEqual([]);
  });

  it('is sent when its connection becomes known in time', async () => {
    const process = running();
    const connectionId = '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10';
    await process.take(aPage({ connectionId }));
    process.connect({ connectionId });
    await process.clock.advance(0);

    expect(process.destination.calls).toHaveLength(1);
  });

  it('is given up over a disabled connection, whose delivered pages are still resolved', async () => {
    const process = running();
    await process.take(aPage({ teamId: 'team-1' }));
    await process.destination.calls[0]?.answer(created());
    process.connect({ enabled: false, version: 2 });
    await process.take(aPage({ teamId: 'team-2' }));
    expect(end(process).at(-1)).toEqual(['undeliverable', 'connection-disabled']);

    await process.take(aResolve());
    expect(process.destination.calls.at(-1)).toMatchObject({ kind: 'resolve' });
  });

  it('is never sent over the connection of another source org', async () => {
    const process = running();
    await process.take(aPage({ sourceOrg: 'initech' }));

    expect(process.destination.calls).toEqual([]);
    expect(end(process)).toEqual([['undeliverable', 'connection-foreign']]);
  });
});

describe('a stop', () => {
  it('starts no more calls and waits for the calls in flight', async () => {
    const process = running({ concurrency: 1 });
    await process.take(aPage({ alertKey: 'a' }), aPage({ alertKey: 'b' }));
    let stopped = false;
    const stopping = process.delivery.stop(new AbortController().signal).then(() => {
      stopped = true;
    });
    await process.clock.advance(100);
    expect(stopped).toBe(false);

    await process.destination.calls[0]?.answer(created());
    await process.clock.advance(100);
    await stopping;
    expect(process.destination.calls).toHaveLength(1);
    const statuses = [...process.log.read(0).values()].flatMap(({ pages }) => pages.map((page) => page.status));
    expect(statuses.toSorted()).toEqual(['delivered', 'pending']);
  });
});

describe('a stop while the ledger cannot be written', () => {
  it('ends at its timeout, so that the instance can leave the group, and leaves its pages to the next owner', async () => {
    const process = running();
    process.log.hold();
    const taking = expect(process.delivery.handle(0, [received(aPage())])).rejects.toThrow(PartitionLost);
    const abort = new AbortController();
    const stopping = process.delivery.stop(abort.signal);
    await process.clock.advance(1000);
    abort.abort();
    await process.clock.advance(20);
    await Promise.all([stopping, taking]);

    expect(process.ledger.owned).toEqual([]);
  });
});

describe('an idle alert', () => {
  it('is forgotten after its retention', async () => {
    const process = running();
    await process.take(aResolve());
    await process.clock.advance(60 * 60_000);
    process.delivery.sweep();
    await process.clock.advance(10);

    expect(process.log.read(0).size).toBe(0);
    expect(process.ledger.partition(0)?.alerts.size).toBe(0);
  });
});
