import { describe, expect, it } from '@jest/globals';
import { type PageCommand, PageCommands } from '@pagebridge/contracts';
import { type UnreportedOutcome } from '@pagebridge/page-lifecycle';
import { aConnection } from '@pagebridge/testing';
import {
  applyAnswer,
  begin,
  failOver,
  giveUp,
  unreportedOutcomes,
} from '../../../../libs/page-lifecycle/src/changes.fixtures.ts';
import { after, aPage, at } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { letterOf } from './dead-letter.ts';
import type { CommandRecord } from './kafka-commands.ts';

/** Returns the command as it was read back, from a record of a producer that writes its own headers and spaces. */
function readBack(command: PageCommand): CommandRecord {
  const attributes = { id: 'c', source: '/pagebridge/page-routing', time: '2026-01-31T12:00:00.100Z' };
  const { topic, headers, value } = PageCommands.encode('k', attributes, command);
  const bytes = Buffer.from(` ${value}`);
  const record = { topic, partition: 3, offset: 7, timestamp: 0, key: Buffer.from('k'), value: bytes };
  const event = { ...attributes, type: PageCommands.card.eventType, data: command };
  return { record: { ...record, headers: { ...headers, own: Buffer.from([0, 255]) } }, event };
}

function givenUp(command: PageCommand, mayHaveCreated: boolean): UnreportedOutcome {
  const begun = begin(after(command), command.pageId, at('12:00'));
  const failed = { kind: 'failed', cause: 'timeout', detail: 'no reply', mayHaveCreated, waitMs: 0 } as const;
  const again = begin(applyAnswer(begun, command.pageId, failed, at('12:01')), command.pageId, at('12:02'));
  const refused = applyAnswer(again, command.pageId, { kind: 'refused', detail: 'no such team' }, at('12:02'));
  return unreportedOutcomes(refused)[0] as UnreportedOutcome;
}

describe('the dead letter of a page that was given up', () => {
  const command = aPage();

  it('has the original bytes and headers of its command, and the reason', () => {
    const { record, event } = readBack(command);
    const letter = letterOf(3, givenUp(command, false), { record, event });

    expect(letter).toMatchObject({ topic: 'paging.page-commands.v1.dead', partition: 3, key: record.key });
    expect(letter.value).toBe(record.value);
    expect(letter.headers).toMatchObject({ own: Buffer.from([0, 255]), 'x-dlq-reason': 'rejected' });
    expect(letter.headers).toMatchObject({ 'x-dlq-offset': '7', 'x-dlq-attempts': '2' });
    expect(letter.headers).not.toHaveProperty('x-possible-duplicate');
  });

  it('marks a possible duplicate, so that a replay can tag the page', () => {
    const letter = letterOf(3, givenUp(command, true), readBack(command));

    expect(letter.headers).toHaveProperty('x-possible-duplicate', 'true');
  });

  it('is a stub with the position of the command, if the command is gone', () => {
    const letter = letterOf(3, givenUp(command, false), undefined);

    expect(letter).toMatchObject({
      partition: 3,
      key: Buffer.from('acme-us/monitor-1234:host:backend-7'),
      value: null,
    });
    expect(letter.headers).toMatchObject({ 'x-dlq-stub': 'true', 'x-dlq-offset': '0', 'x-dlq-reason': 'rejected' });
  });

  it('of a backup is the command of the page that it backs, rewritten for the backup', () => {
    const backup = aConnection({ connectionId: '00000000-0000-4000-8000-00000000000b' });
    const { connectionId } = backup;
    const failover = { connectionId, teamId: 'operations', teamHandle: 'operations', afterFailures: 1 };
    const first = aPage({ failover });
    const failing = failOver(after(first), first.pageId, () => backup, at('13:00'));
    const [, page] = failing.pages;
    if (!page) throw new Error('the page did not fail over');
    const ended = giveUp(failing, page.pageId, 'too-old', 'nobody answered', at('17:00'));
    const letter = letterOf(3, unreportedOutcomes(ended)[0] as UnreportedOutcome, readBack(first));

    const { failover: _failover, ...text } = first;
    const read = PageCommands.decode({ value: letter.value, headers: letter.headers });
    expect(read).toMatchObject({
      event: {
        id: page.pageId,
        data: { ...text, pageId: page.pageId, connectionId, teamId: 'operations', teamHandle: 'operations' },
      },
    });
    expect(read).toMatchObject({ event: { data: { failoverOf: { pageId: first.pageId, teamId: first.teamId } } } });
    expect(letter.headers).toHaveProperty('x-dlq-rewritten', 'true');
  });
});
