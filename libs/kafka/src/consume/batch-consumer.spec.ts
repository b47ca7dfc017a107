import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { DeadLetterWriter } from '../dead-letters/dead-letter-writer.ts';
import { ConsumerMonitor } from '../driver/consumer-monitor.ts';
import type { Offsets } from '../driver/fetched-batch.ts';
import type { GroupMemberOptions } from '../driver/group-member.ts';
import { type FetchedMessage, FetchedRecord, UndecodableBatch } from '../driver/protocol/fetched-record.ts';
import { type KafkaObserver, plaintext } from '../settings.ts';
import { BatchConsumer, type BatchConsumerOptions, type Member } from './batch-consumer.ts';
import { type BatchHandler, type BatchResult, done } from './batch-result.ts';
import { PausedPartitions } from './paused-partitions.ts';

const quiet = () => undefined;
const settings = {
  brokers: ['nowhere:1'],
  clientId: 'spec',
  security: plaintext,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
};

const batch = { topic: 't', partition: 0, raw: Buffer.alloc(0), codec: 'none' };
const recordAt = (offset: number) => new FetchedRecord(offset, offset * 1000, Buffer.from([1, 1, 0]), 0, false, batch);

/** A group member without a broker. */
class FakeMember implements Member {
  readonly monitor = new ConsumerMonitor('g', 10_000);
  readonly heartbeatIntervalMs = 1000;
  membership = 1;
  readonly committed: unknown[] = [];
  readonly resolved: number[] = [];
  onCommit = quiet;
  constructor(readonly options: GroupMemberOptions) {}
  start = async () => undefined;
  stop = async () => undefined;
  commit = async ({ topics }: Offsets) => void this.committed.push(topics);
  readonly paused = new Set<number>();
  pause = (_topic: string, partition: number) => void this.paused.add(partition);
  resume = (_topic: string, partition: number) => void this.paused.delete(partition);

  /** Delivers a batch of records 7 and 8, or of other messages that end with 8, to the consumer, like kafkajs. */
  deliver(partition = 0, messages: readonly FetchedMessage[] = [7, 8].map(recordAt)): Promise<void> {
    return this.options.eachBatch({
      ...{ topic: 't', partition, messages, lastOffset: 8, highWatermark: 9, askedAt: 0 },
      heartbeat: async () => undefined,
      isStale: () => false,
      resolve: (offset) => void this.resolved.push(offset),
      commit: async ({ topics }) => {
        this.onCommit();
        this.committed.push(topics);
      },
    });
  }
}

const upTo9 = (...partitions: number[]): Offsets['topics'] => [
  { topic: 't', partitions: partitions.map((partition) => ({ partition, offset: '9' })) },
];

const setUp = (onBatch: (member: FakeMember) => void, overrides: Partial<BatchConsumerOptions> = {}): FakeMember => {
  const made: FakeMember[] = [];
  const handlers = async () => {
    onBatch(made[0] as FakeMember);
    return done;
  };
  new BatchConsumer(settings, { group: 'g', topics: ['t'], handlers, ...overrides }, (options) => {
    made.push(new FakeMember(options));
    return made[0] as FakeMember;
  });
  return made[0] as FakeMember;
};

describe('a partition that its broker cannot read', () => {
  it('is paused for a second, and logged when that begins', async () => {
    jest.useFakeTimers();
    const logged: object[] = [];
    const log = { ...settings.log, error: (_message: string, extra?: object) => void logged.push(extra ?? {}) };
    let member: FakeMember | undefined;
    new BatchConsumer({ ...settings, log }, { group: 'g', topics: ['t'], handlers: async () => done }, (options) => {
      member = new FakeMember(options);
      return member;
    });
    for (let second = 0; second < 70; second += 1) {
      member?.options.onUnreadable({ topic: 't', partition: 3, errorCode: 56 });
      expect(member?.paused).toEqual(new Set([3]));
      jest.advanceTimersByTime(1000);
      expect(member?.paused).toEqual(new Set());
    }
    const fields = { group: 'g', topic: 't', partition: 3, error: 'KAFKA_STORAGE_ERROR' };
    expect(logged).toEqual([{ ...fields, cure: 'Repair the broker.' }]);
    jest.useRealTimers();
  });
});

describe('an owned partition that Kafka cannot serve', () => {
  it('is named in the health and counted, until its fault is no longer seen or it is lost', () => {
    jest.useFakeTimers();
    const made: FakeMember[] = [];
    const options = { group: 'g', topics: ['t'], handlers: async () => done };
    const consumer = new BatchConsumer(settings, options, (memberOptions) => {
      made.push(new FakeMember(memberOptions));
      return made[0] as FakeMember;
    });
    const [member] = made;
    const noLeader = (partition: number) => member?.options.onUnreadable({ topic: 't', partition, errorCode: 5 });
    const unread = () => consumer.topicStates().map((state) => state.unread);
    expect(unread()).toEqual([[]]);
    member?.options.onJoined({ generation: 1, memberId: 'm', partitions: { t: [0, 1] } });
    for (const partition of [0, 1, 2, 0]) noLeader(partition);
    const each = 't/0 (LEADER_NOT_AVAILABLE), t/1 (LEADER_NOT_AVAILABLE)';
    expect(consumer.health().detail).toContain(`, Kafka cannot serve ${each}`);
    expect([unread(), member?.paused]).toEqual([[[0, 1]], new Set()]);
    member?.options.onJoined({ generation: 2, memberId: 'm', partitions: { t: [1] } });
    expect(unread()).toEqual([[1]]);
    jest.advanceTimersByTime(60_000);
    expect(unread()).toEqual([[]]);
    expect(consumer.health().detail).not.toContain('cannot serve');
    jest.useRealTimers();
  });
});

/** Stops the clock by which a handler is slow, since a busy machine is slow at everything. */
const withoutSlowHandlers = () => {
  beforeEach(
    () => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] }),
  );
  afterEach(() => void jest.useRealTimers());
};

describe('a batch', () => {
  withoutSlowHandlers();

  it('is committed and resolved when it is handled', async () => {
    const member = setUp(quiet);
    await member.deliver();
    expect([member.committed, member.resolved]).toEqual([[upTo9(0)], [8]]);
  });

  it('is committed together with the batches of other partitions that end at the same time', async () => {
    const member = setUp(quiet);
    await Promise.all([member.deliver(0), member.deliver(3)]);
    expect([member.committed, member.resolved]).toEqual([[upTo9(0, 3)], [8, 8]]);
  });

  it('is delivered again, with all others of its commit request, if the group rejects the commit', async () => {
    const member = setUp(quiet);
    member.onCommit = () => {
      throw new Error('not the coordinator');
    };
    const delivered = await Promise.allSettled([member.deliver(0), member.deliver(3)]);
    expect(delivered.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(member.resolved).toEqual([]);
  });

  it('is not committed if it began before a rejoin, while the other batches are', async () => {
    let handled = 0;
    const member = setUp((self) => {
      handled += 1;
      if (handled === 1) self.membership += 1;
    });
    await Promise.all([member.deliver(0), member.deliver(3)]);
    expect([member.committed, member.resolved]).toEqual([[upTo9(3)], [8]]);
  });

  it('is finished and committed before its consumer leaves the group, even if it has just begun', async () => {
    const story: string[] = [];
    const handled = Promise.withResolvers<void>();
    let member: FakeMember | undefined;
    const handlers = async () => {
      await handled.promise;
      return done;
    };
    const consumer = new BatchConsumer(settings, { group: 'g', topics: ['t'], handlers }, (options) => {
      member = new FakeMember(options);
      member.onCommit = () => void story.push('committed');
      member.stop = async () => void story.push('left');
      return member;
    });
    const running = member?.monitor.watch(() => member?.deliver() ?? Promise.resolve());
    const stopped = consumer.stop();
    await new Promise((resolve) => void setImmediate(resolve));
    handled.resolve();
    await Promise.all([running, stopped]);
    expect(story).toEqual(['committed', 'left']);
  });

  it('reports the lag while its partition waits, but not after the partition is lost', async () => {
    const lags: unknown[] = [];
    const observer = { lag: ({ records }: { records: number | undefined }) => void lags.push(records) };
    const retry = { fromOffset: 7, afterMs: 60_000, cause: 'not yet' };
    let member: FakeMember | undefined;
    new BatchConsumer(
      { ...settings, observer },
      { group: 'g', topics: ['t'], handlers: async () => ({ retry }) },
      (options) => {
        member = new FakeMember(options);
        return member;
      },
    );
    member?.options.onJoined({ generation: 1, memberId: 'm', partitions: { t: [0] } });
    await member?.deliver();
    expect(lags).toEqual([2]);
    member?.options.onLost();
    expect(lags).toEqual([2, undefined]);
  });

  /** Returns the member of a consumer that owns one partition. */
  const joined = (observer: KafkaObserver, handlers: BatchHandler): FakeMember => {
    const made: FakeMember[] = [];
    new BatchConsumer({ ...settings, observer }, { group: 'g', topics: ['t'], handlers }, (options) => {
      const member = new FakeMember(options);
      made.push(member);
      return member;
    });
    const [member] = made;
    if (!member) throw new Error('a consumer makes its member');
    member.options.onJoined({ generation: 1, memberId: 'm', partitions: { t: [0] } });
    return member;
  };

  it('reports since when the oldest record waits that is not consumed', async () => {
    const lags: unknown[] = [];
    const observer = { lag: ({ oldestAt }: { oldestAt: number | undefined }) => void lags.push(oldestAt) };
    const results: BatchResult[] = [{ retry: { fromOffset: 8, afterMs: 0, cause: 'enough' } }, done];
    const member = joined(observer, async () => results.shift() ?? done);
    await member.deliver();
    await member.deliver(0, [recordAt(8)]);
    expect(lags).toEqual([7000, 8000, 8000, undefined]);
  });

  it('has no lag once only control records were left of its partition', async () => {
    const lags: unknown[] = [];
    const observer = { lag: ({ records }: { records: number | undefined }) => void lags.push(records) };
    const member = joined(observer, async () => ({ retry: { fromOffset: 7, afterMs: 0, cause: 'not yet' } }));
    await member.deliver();
    expect(lags).toEqual([2]);
    member.options.onBatchEnd?.({ topic: 't', partition: 0, lastOffset: 9, records: 0, lag: 0 });
    expect(lags).toEqual([2, 0]);
  });

  const commitAfter = async (happens: (member: FakeMember) => void) => {
    const member = joined({}, async () => done);
    happens(member);
    member.options.onBatchEnd?.({ topic: 't', partition: 0, lastOffset: 9, records: 0, lag: 0 });
    await nextTurn();
    await nextTurn();
    return member.committed;
  };

  it('commits control records of its own partitions only', async () => {
    const own = [{ topic: 't', partitions: [{ partition: 0, offset: '10' }] }];
    expect(await commitAfter(quiet)).toEqual([own]);
    expect(await commitAfter((member) => member.options.onLost())).toEqual([]);
    const expelled = commitAfter((member) => {
      void nextTurn().then(() => {
        member.membership += 1;
      });
    });
    expect(await expelled).toEqual([]);
  });

  it('reports no lag if its partition is lost during the commit', async () => {
    const lags: unknown[] = [];
    const observer = { lag: ({ records }: { records: number | undefined }) => void lags.push(records) };
    let member: FakeMember | undefined;
    new BatchConsumer(
      { ...settings, observer },
      { group: 'g', topics: ['t'], handlers: async () => done },
      (options) => {
        member = new FakeMember(options);
        member.onCommit = () => void member?.options.onLost();
        return member;
      },
    );
    member?.options.onJoined({ generation: 1, memberId: 'm', partitions: { t: [0] } });
    await member?.deliver();
    expect([member?.committed, lags]).toEqual([[upTo9(0)], [2, undefined]]);
  });

  it('is retried without a pause if the handler asks for a retry after 0 ms', async () => {
    const retry = { fromOffset: 8, afterMs: 0, cause: 'enough' };
    const member = setUp(quiet, { handlers: async () => ({ retry }) });
    const paused = jest.spyOn(member, 'pause');
    await member.deliver();
    expect([member.resolved, paused.mock.calls]).toEqual([[7], []]);
  });

  it('is not committed after a rejoin, because another member may own its partition', async () => {
    const member = setUp((self) => {
      self.membership += 1;
    });
    await member.deliver();
    expect([member.committed, member.resolved]).toEqual([[], []]);
  });

  it('does not move the position of a membership that began during the commit', async () => {
    const member = setUp(quiet);
    member.onCommit = () => {
      member.membership += 1;
      return undefined;
    };
    await member.deliver();
    expect([member.committed, member.resolved]).toEqual([[upTo9(0)], []]);
  });
});

describe('a batch with a slow handler', () => {
  const waiting = () => {
    const handled = Promise.withResolvers<BatchResult>();
    const member = setUp(quiet, { handlers: async () => handled.promise });
    return { member, handled };
  };

  it('lets the other partitions of its broker be read, and is committed when it is handled', async () => {
    const { member, handled } = waiting();
    // kafkajs sends the next fetch when this resolves.
    await member.deliver(0);
    expect([[...member.paused], member.committed, member.resolved]).toEqual([[0], [], []]);
    handled.resolve(done);
    await waitFor('its commit', () => member.resolved.length > 0);
    await waitFor('its partition to be resumed', () => !member.paused.has(0));
    expect([member.committed, member.resolved]).toEqual([[upTo9(0)], [8]]);
  });

  it('is not delivered a second time meanwhile', async () => {
    let begun = 0;
    const member = setUp(quiet, {
      handlers: () => {
        begun += 1;
        return new Promise(() => undefined);
      },
    });
    await member.deliver(0);
    await member.deliver(0);
    expect(begun).toBe(1);
  });

  it('does not end the pause of the next batch if its partition was lost and assigned again meanwhile', async () => {
    const batches: PromiseWithResolvers<BatchResult>[] = [];
    const member = setUp(quiet, {
      handlers: () => {
        const handled = Promise.withResolvers<BatchResult>();
        batches.push(handled);
        return handled.promise;
      },
    });
    const owns = (generation: number, partitions: Record<string, number[]>) =>
      member.options.onJoined({ generation, memberId: 'm', partitions });
    owns(1, { t: [0] });
    await member.deliver(0);
    owns(2, {});
    owns(3, { t: [0] });
    await member.deliver(0);
    batches[0]?.resolve(done);
    await member.deliver(1).then(() => batches[2]?.resolve(done));
    await waitFor('the other partition to be resumed', () => !member.paused.has(1));
    expect([...member.paused]).toEqual([0]);
    batches[1]?.resolve(done);
    await waitFor('its partition to be resumed', () => !member.paused.has(0));
  });

  it('is delivered again if it cannot be committed', async () => {
    const { member, handled } = waiting();
    member.onCommit = () => {
      throw new Error('not the coordinator');
    };
    await member.deliver(0);
    handled.resolve(done);
    await waitFor('its partition to be resumed', () => !member.paused.has(0));
    expect(member.resolved).toEqual([]);
  });
});

describe('dead letters that cannot be written', () => {
  withoutSlowHandlers();

  it('pause their partition longer each time, although its handler succeeds', async () => {
    const write = jest.spyOn(DeadLetterWriter.prototype, 'write').mockRejectedValue(new Error('refused'));
    const waits: number[] = [];
    const pause = jest.spyOn(PausedPartitions.prototype, 'addFor').mockImplementation((_topic, _partition, ms) => {
      waits.push(ms);
    });
    const parked = [{ offset: 7, reason: 'not-json' as const, detail: 'no' }];
    const member = setUp(quiet, { handlers: async () => ({ parked }) });
    for (let n = 0; n < 6; n += 1) await member.deliver();
    expect(waits.at(-1)).toBeGreaterThan(3000);
    expect(member.committed).toEqual([]);
    write.mockRestore();
    pause.mockRestore();
  });
});

describe('a batch that cannot be decoded', () => {
  withoutSlowHandlers();

  const undecodable = (firstOffset: number, offset: number) =>
    new UndecodableBatch(offset, 0, firstOffset, Buffer.from('raw'), 'lz4', 'it is broken');

  /** Consumes these messages with a handler that returns `outcome`. Returns what was parked, handled and committed. */
  async function consume(messages: readonly FetchedMessage[], outcome: BatchResult = done) {
    const [parked, handled]: [string[], number[]] = [[], []];
    const write = jest.spyOn(DeadLetterWriter.prototype, 'write').mockImplementation(async (letters) => {
      for (const { record, reason } of letters) parked.push(`${record.offset} ${reason} ${record.value}`);
    });
    const handlers: BatchHandler = async ({ records }) => {
      handled.push(...records.map(({ offset }) => offset));
      return outcome;
    };
    const member = setUp(quiet, { handlers });
    await member.deliver(0, messages);
    write.mockRestore();
    return { parked, handled, committed: member.committed, resolved: member.resolved };
  }

  it('is parked unchanged, and the records around it are handled', async () => {
    expect(await consume([recordAt(3), undecodable(4, 7), recordAt(8)])).toEqual({
      parked: ['4 undecodable-batch raw'],
      handled: [3, 8],
      committed: [upTo9(0)],
      resolved: [8],
    });
  });

  it('is parked also if nothing else was fetched', async () => {
    expect(await consume([undecodable(4, 8)])).toMatchObject({
      parked: ['4 undecodable-batch raw'],
      handled: [],
      resolved: [8],
    });
  });

  it('is parked once, although the records after it are delivered again', async () => {
    const retry = { fromOffset: 8, afterMs: 1, cause: 'later' };
    const consumed = await consume([undecodable(4, 7), recordAt(8)], { retry });
    expect(consumed).toMatchObject({ parked: ['4 undecodable-batch raw'], resolved: [7] });
  });

  it('is delivered again with the records before it if these are retried', async () => {
    const retry = { fromOffset: 3, afterMs: 1, cause: 'later' };
    expect(await consume([recordAt(3), undecodable(4, 8)], { retry })).toMatchObject({ parked: [], resolved: [] });
  });
});

describe('a consumer that stops', () => {
  it('fetches no more records while it finishes its running batches', async () => {
    const handled = Promise.withResolvers<BatchResult>();
    let member: FakeMember | undefined;
    const options = { group: 'g', topics: ['t'], handlers: () => handled.promise };
    const consumer = new BatchConsumer(settings, options, (memberOptions) => {
      member = new FakeMember(memberOptions);
      return member;
    });
    const running = member?.monitor.watch(() => member?.deliver(0) ?? Promise.resolve());
    const stopped = consumer.stop();
    // The batch is not resolved, so without a pause kafkajs would fetch it again at once.
    await member?.deliver(1);
    expect([member?.resolved, member?.paused]).toEqual([[], new Set([1])]);
    handled.resolve(done);
    await Promise.all([running, stopped]);
    expect(member?.committed).toEqual([upTo9(0)]);
  });

  it('disowns its partitions when it has left the group, so that work on them stops', async () => {
    const disowned: unknown[] = [];
    let member: FakeMember | undefined;
    const consumer = new BatchConsumer(
      settings,
      { group: 'g', topics: ['t'], handlers: async () => done, onDisowned: (lost) => void disowned.push(...lost) },
      (options) => {
        member = new FakeMember(options);
        return member;
      },
    );
    member?.options.onJoined({ generation: 3, memberId: 'm', partitions: { t: [0, 1] } });
    await consumer.stop();
    expect(disowned).toMatchObject([
      { topic: 't', partition: 0 },
      { topic: 't', partition: 1 },
    ]);
  });
});
