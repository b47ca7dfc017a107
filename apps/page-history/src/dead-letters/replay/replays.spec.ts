import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Bus } from '@pagebridge/dead-letters';
import { BrokerUnreachableError } from '@pagebridge/kafka';
import { Problem } from '@pagebridge/service';
import { FakeBus } from '../../../../../libs/dead-letters/src/fake-bus.fixtures.ts';
import { anAlertAt, parked } from '../../../../../libs/dead-letters/src/letters/letters.fixtures.ts';
import type { PageHistoryConfig } from '../../config.ts';
import type { ChosenLetters } from './chosen-letters.ts';
import { ReplayBus } from './replay-bus.ts';
import { Replays } from './replays.service.ts';

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const aLetter = (offset: number, sourceOrg = 'acme-us') =>
  parked(anAlertAt(minutesAgo(10), offset, { sourceOrg, alertKey: `monitor-${offset}` }), offset, {
    failedAt: minutesAgo(9),
  });
const letters = Array.from({ length: 30 }, (_, offset) => aLetter(offset));
const places = letters.map(({ place }) => place);
const by = { service: 'page-history', sourceOrg: 'acme-us', actor: 'urn:spec#olga' };

const replaysOver = (bus: Bus | undefined) =>
  new Replays(
    { require: async () => undefined } as unknown as ChosenLetters,
    { open: () => bus } as ReplayBus,
    { PAGE_REOPEN_AFTER_MINUTES: 60 } as PageHistoryConfig,
  );
const recordsOf = (them: typeof letters) => them.map(({ record }) => record);
const codeOf = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'answered',
    (error) => (error instanceof Problem ? error.details.code : error),
  );
const away = () => new BrokerUnreachableError(['localhost:9092'], undefined);
/** A bus that never answers, until it is closed. */
const silent = (): Bus => {
  const { promise, reject } = Promise.withResolvers<never>();
  const close = async () => reject(away());
  return Object.assign(new FakeBus([]), { read: () => promise, close });
};

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

describe('a replay', () => {
  it('writes to the audit who sends, and then sends each letter', async () => {
    const bus = new FakeBus(recordsOf(letters.slice(0, 5)));
    const answer = await replaysOver(bus).replay('acme-us', places.slice(0, 5), by);
    expect(answer.map(({ verdict }) => verdict)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent']);
    expect(bus.audited).toMatchObject([{ sentBefore: 0, data: { ...by, action: 'dead-letters.replayed' } }]);
  });

  it('sends nothing if the audit cannot be written', async () => {
    const bus = Object.assign(new FakeBus(recordsOf(letters)), {
      audit: () => Promise.reject(away()),
    });
    expect(await codeOf(replaysOver(bus).replay('acme-us', places, by))).toBe('kafka-unavailable');
    expect(bus.sent).toEqual([]);
  });

  it('says that some may have been sent when Kafka goes away, and sends only the rest when it is asked again', async () => {
    jest.useRealTimers();
    const bus = new FakeBus(recordsOf(letters));
    const publish = bus.publish.bind(bus);
    const dying = jest.spyOn(bus, 'publish').mockImplementation(async (records) => {
      if (bus.sent.length > 0) throw away();
      return publish(records);
    });
    const replays = replaysOver(bus);
    expect(await codeOf(replays.replay('acme-us', places, by))).toBe('replay-unfinished');
    const sent = bus.sent.length;
    dying.mockRestore();
    const again = await replays.replay('acme-us', places, by);
    expect(again.filter(({ verdict }) => verdict === 'replayed')).toHaveLength(sent);
    expect(bus.sent).toHaveLength(letters.length);
  });

  it('names what Kafka refuses, and the letter that is not there any more', async () => {
    const [one, two, gone] = [aLetter(0), aLetter(1), aLetter(2)];
    const bus = new FakeBus(recordsOf([one, two]), { refuses: two.name });
    const answer = await replaysOver(bus).replay('acme-us', [one.place, two.place, gone.place], by);
    expect(answer.map(({ verdict }) => verdict)).toEqual(['sent', 'refused', 'lost']);
  });

  it('leaves alone what another org has at the place of a letter', async () => {
    const foreign = aLetter(0, 'umbrella-eu');
    const bus = new FakeBus(recordsOf([foreign]));
    const answer = await replaysOver(bus).replay('acme-us', [foreign.place], by);
    expect([answer.map(({ verdict }) => verdict), bus.sent, bus.audited]).toEqual([['lost'], [], []]);
  });
});

describe('a preview', () => {
  it('is refused while another one runs, and ends after 25 s', async () => {
    const replays = replaysOver(silent());
    const first = codeOf(replays.preview('acme-us', places));
    expect(await codeOf(replays.preview('acme-us', places))).toBe('replay-busy');
    jest.advanceTimersByTime(25_000);
    expect(await first).toBe('replay-late');
  });

  it('ends with the service', async () => {
    const replays = replaysOver(silent());
    const first = codeOf(replays.preview('acme-us', places));
    await replays.onApplicationShutdown();
    expect(await first).toBe('replay-late');
  });

  it('is refused with the command that does it where replays are off', async () => {
    const refusal = replaysOver(undefined).preview('acme-us', places.slice(3));
    await expect(refusal).rejects.toMatchObject({
      details: {
        code: 'replay-off',
        errors: [
          {
            cure: 'pagebridge dead-letters preview --kafka --topic paging.alerts.v1 --partition 0 --offset 3',
          },
        ],
      },
    });
  });
});

describe('the login of a replay', () => {
  const settings = { brokers: [], clientId: 'page-history' } as never;
  const config = { DEAD_LETTER_REPLAY: 'on', KAFKA_SASL_MECHANISM: 'scram-sha-512' };
  const service = { KAFKA_SASL_USERNAME: 'page-history', KAFKA_SASL_PASSWORD: 'own' };

  it('is that of the user dead-letters, never that of the service', () => {
    expect(() => new ReplayBus({ ...config, ...service } as PageHistoryConfig, settings)).toThrow(
      'DEAD_LETTER_REPLAY=on: DEAD_LETTERS_KAFKA_SASL_USERNAME is not set',
    );
  });

  it('is not needed while replays are off', () => {
    const off = { ...config, ...service, DEAD_LETTER_REPLAY: 'off' } as PageHistoryConfig;
    expect(new ReplayBus(off, settings).isOn).toBe(false);
  });
});
