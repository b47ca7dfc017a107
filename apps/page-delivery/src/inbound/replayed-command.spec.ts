import { describe, expect, it } from '@jest/globals';
import { PageCommands } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { type ReceivedCommand, type Replay } from '@pagebridge/page-lifecycle';
import { asRead } from '@pagebridge/testing';
import { aPage } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import type { Delivery } from '../application/delivery.ts';
import { noLog } from '../application/fakes.fixtures.ts';
import { OperatorLog } from '../application/operator-log.ts';
import { PageCommandsConsumer } from './page-commands.consumer.ts';

async function replayReadFrom(headers: ConsumedRecord['headers']): Promise<Replay | undefined> {
  const seen: ReceivedCommand[] = [];
  const delivery = {
    handle: async (_partition: number, commands: readonly ReceivedCommand[]) => {
      seen.push(...commands);
      return [];
    },
  } as unknown as Delivery;
  const operatorLog = new OperatorLog(noLog);
  const command = aPage();
  const attributes = { id: 'c-1', source: '/spec', time: command.occurredAt };
  const { topic } = PageCommands.card;
  const written = asRead(PageCommands.encode('acme-us/monitor', attributes, command), { offset: 4 });
  const record = { ...written, headers: { ...written.headers, ...headers } };
  await new PageCommandsConsumer(delivery, operatorLog).handle({
    topic,
    partition: 0,
    generation: 1,
    records: [record],
  });
  expect(seen).toHaveLength(1);
  return seen[0]?.replay;
}

describe('a command that is read', () => {
  it('is a replay if its header names a dead letter', async () => {
    const from = 'paging.page-commands.v1.dead/3/7';
    expect(await replayReadFrom({ 'x-replayed-from': Buffer.from(from) })).toEqual({
      from,
      possibleDuplicate: false,
      forceNewPage: false,
    });
    const doubtful = { 'x-replayed-from': Buffer.from(from), 'x-possible-duplicate': Buffer.from('true') };
    expect(await replayReadFrom(doubtful)).toMatchObject({ from, possibleDuplicate: true });
    const anew = { 'x-replayed-from': Buffer.from(`${from}#12`), 'x-force-new-page': Buffer.from('true') };
    expect(await replayReadFrom(anew)).toMatchObject({ from: `${from}#12`, forceNewPage: true });
  });

  it('is no replay without a header that names a dead letter of its own topic', async () => {
    expect(await replayReadFrom({ 'x-force-new-page': Buffer.from('true') })).toBeUndefined();
    const marks = ['paging.alerts.v1.dead/3/7', 'paging.page-commands.v1.dead/3', '', 'a'.repeat(1_000_000)];
    for (const mark of [...marks.map((text) => Buffer.from(text)), Buffer.from([0xff, 0xfe]), null, undefined]) {
      expect(await replayReadFrom({ 'x-replayed-from': mark as Buffer })).toBeUndefined();
    }
  });
});

it('a command that is refused is a dead letter of its own, however many there are, so that it can be replayed', async () => {
  const refused = { reason: 'too-many-waiting', detail: '300000 pages wait already.' } as const;
  const refusing = {
    handle: async (_partition: number, all: readonly ReceivedCommand[]) =>
      all.map((received) => ({ received, refused })),
  } as unknown as Delivery;
  const operatorLog = new OperatorLog(noLog);
  const command = aPage();
  const attributes = { id: 'c-1', source: '/spec', time: command.occurredAt };
  const record = asRead(PageCommands.encode('acme-us/monitor', attributes, command), { offset: 4 });
  const batch = { topic: PageCommands.card.topic, partition: 0, generation: 1, records: [record] };
  expect(await new PageCommandsConsumer(refusing, operatorLog).handle(batch)).toEqual({
    parked: [{ offset: 4, ...refused, isSound: true }],
  });
});
