import { describe, expect, it } from '@jest/globals';
import type { PageState } from '@pagebridge/contracts';
import { KafkaError, type OutgoingRecord, type RefusedRecord } from '@pagebridge/kafka';
import { FakeClock } from '@pagebridge/testing';
import { deadLetterHeaders } from '@pagebridge/vocabulary';
import { applyAnswer, begin, unreportedOutcomes } from '../../../../libs/page-lifecycle/src/changes.fixtures.ts';
import { after, aPage, at } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { NotWritten } from '../application/ports.ts';
import type { CommandRecord } from './kafka-commands.ts';
import { KafkaLedgerWriter } from './kafka-ledger.writer.ts';

const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const { signal } = new AbortController();
const refused = { kind: 'refused', detail: 'no such team' } as const;
const givenUp = ({ pageId, ...its } = aPage()) => {
  const called = begin(after({ pageId, ...its }), pageId, at('12:00'));
  return unreportedOutcomes(applyAnswer(called, pageId, refused, at('12:01')));
};

function running(commandOf: () => Promise<CommandRecord | undefined> = async () => undefined) {
  const clock = new FakeClock();
  const published: OutgoingRecord[] = [];
  const topic = { unreadMs: 0 };
  const publisher = {
    publishAccepted: async (records: readonly OutgoingRecord[]): Promise<readonly RefusedRecord[]> => {
      published.push(...records);
      return [];
    },
  };
  const writer = new KafkaLedgerWriter(publisher, { commandOf, unreadMs: () => topic.unreadMs }, clock, log);
  return { clock, published, publisher, topic, writer };
}

describe('a dead letter whose command cannot be read', () => {
  it('is written after a minute with the position of the command, so that the outcomes of its partition go on', async () => {
    const { clock, published, topic, writer } = running(() => new Promise(ignore));
    const writing = writer.deadLetters(0, givenUp(), signal);
    await clock.advance(59_000);
    expect(published).toHaveLength(0);
    await clock.advance(1000);
    await writing;
    expect(published).toMatchObject([{ headers: { [deadLetterHeaders.stub]: 'true' } }]);

    topic.unreadMs = 61_000;
    await writer.deadLetters(0, givenUp(), signal);
    expect(published).toHaveLength(2);
  });
});

it('an alert that cannot be encoded is refused alone, and the others are written', async () => {
  const { published, writer } = running();
  const common = { partition: 0, ownerEpoch: 1, write: 1, watermark: undefined };
  const sound = after(aPage({ alertKey: 'sound' }));
  const broken = { ...sound, alertKey: 'broken', pages: [{ attempts: 1n } as unknown as PageState] };
  const refusals = await writer.states(
    [
      { ...common, key: 'acme-us/broken', state: broken },
      { ...common, key: 'acme-us/sound', state: sound },
    ],
    signal,
  );

  expect([...refusals]).toEqual([['acme-us/broken', expect.stringContaining('cannot be encoded')]]);
  expect(published.map(({ key }) => key)).toEqual(['acme-us/sound']);
});

it('an aborted publish is a write that is made again, and any other error is a bug', async () => {
  const { publisher, writer } = running();
  const states = () => writer.states([], signal);
  publisher.publishAccepted = () => Promise.reject(new KafkaError('KAFKA.ABORTED', true, 'aborted'));
  await expect(states()).rejects.toThrow(NotWritten);
  publisher.publishAccepted = () => Promise.reject(new TypeError('no such field'));
  await expect(states()).rejects.toThrow(TypeError);
});

it('a refused outcome or dead letter is logged with its alert, page and connection, the reason and the cure', async () => {
  const { publisher } = running();
  const lines: object[] = [];
  const error = (fields: object, message: string) => void lines.push({ message, ...fields });
  const commands = { commandOf: async () => undefined, unreadMs: () => 0 };
  const writer = new KafkaLedgerWriter(publisher, commands, new FakeClock(), { ...log, error });
  publisher.publishAccepted = async (records) => records.map((record) => ({ record, detail: 'it is too large' }));
  const [pending] = givenUp();
  if (!pending) throw new Error('no page was given up');
  await writer.outcomes([pending], signal);
  await writer.deadLetters(0, [pending], signal);

  const { sourceOrg, alertKey, pageId, connectionId } = pending.outcome;
  const reason = 'unwritable';
  const cure = expect.stringContaining('max.message.bytes');
  const its = { sourceOrg, alertKey, pageId, connectionId, reason, detail: 'it is too large', cure };
  expect(lines).toEqual([
    { message: 'page outcome not written; skipped', ...its },
    { message: 'dead letter stub not written', ...its },
  ]);
});
