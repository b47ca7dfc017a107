import { describe, expect, it } from '@jest/globals';
import { PageCommands } from '@pagebridge/contracts';
import { begin } from '../domain/attempts/attempt.ts';
import { settle } from '../domain/attempts/settle.ts';
import { after, aPage, at } from '../domain/commands/commands.features.ts';
import { unreportedOutcomes } from '../domain/outcomes.ts';
import { deadLetterOf } from './dead-letter.ts';

function letterOf(mayHaveCreated: boolean) {
  const command = aPage();
  const begun = begin(after(command), command.pageId, at('12:00'));
  const failed = { kind: 'failed', cause: 'timeout', detail: 'no reply', mayHaveCreated, waitMs: 0 } as const;
  const again = begin(settle(begun, command.pageId, failed, at('12:01')), command.pageId, at('12:02'));
  const [given] = unreportedOutcomes(
    settle(again, command.pageId, { kind: 'refused', detail: 'no such team' }, at('12:02')),
  );
  if (!given) throw new Error('the page was not given up');
  return { command, letter: deadLetterOf(3, given.page, given.outcome, 'page-delivery') };
}

describe('the dead letter of a page that was given up', () => {
  it('is its command, with the reason', () => {
    const { command, letter } = letterOf(false);
    const read = PageCommands.decode({ value: letter?.value ?? null, headers: letter?.headers ?? {} });
    expect(read).toMatchObject({ ok: true, event: { data: command } });
    expect(letter).toMatchObject({ topic: 'paging.page-commands.v1.dead', partition: 3 });
    expect(letter?.headers).toMatchObject({ 'x-dlq-reason': 'rejected', 'x-dlq-attempts': '2' });
    expect(letter?.headers).not.toHaveProperty('x-possible-duplicate');
  });

  it('marks a possible duplicate, so that a replay can tag the page', () => {
    expect(letterOf(true).letter?.headers).toHaveProperty('x-possible-duplicate', 'true');
  });
});
