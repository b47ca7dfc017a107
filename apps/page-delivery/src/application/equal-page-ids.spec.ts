import { describe, expect, it } from '@jest/globals';
import { aPage, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, failed } from './fakes.fixtures.ts';

/** A process with two alerts whose commands have the same page id, as a producer may write them. */
const running = () => {
  const process = aProcess();
  process.connect();
  process.own();
  const one = aPage({ alertKey: 'one', title: 'text of one' });
  const two = aPage({ alertKey: 'two', title: 'text of two', pageId: one.pageId });
  const take = async () => {
    await process.delivery.handle(0, [received(one), received(two)]);
    await process.clock.advance(1000);
  };
  return { ...process, connectionId: one.connectionId, take };
};

describe('two alerts whose pages have one id', () => {
  it('each get a dead letter and an outcome if both pages are refused', async () => {
    const { destination, connectionId, log, take } = running();
    destination.always.set(connectionId, { kind: 'refused', detail: '400 no such team' });
    await take();

    expect(log.letters).toHaveLength(2);
    expect(log.published.map(({ alertKey, outcome }) => `${alertKey} ${outcome}`).toSorted()).toEqual([
      'one undeliverable',
      'two undeliverable',
    ]);
  });

  it('each get the text of their own command', async () => {
    const { destination, connectionId, clock, take } = running();
    destination.always.set(connectionId, failed());
    await take();
    destination.texts.length = 0;
    destination.always.set(connectionId, created());
    await clock.advance(60_000);

    const titles = destination.texts.map((text) => (text === 'gone' ? text : text.title));
    expect(titles.toSorted()).toEqual(['text of one', 'text of two']);
  });
});
