import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import { audit } from './audit.ts';
import { HistoryBuilder } from './history.fixtures.ts';

const paging = { message: '@oncall-core' };
const repeat = { ...paging, transition: 'renotified' } as const;

/** Returns a history with a page that a responder closed. */
function closed() {
  const builder = new HistoryBuilder();
  const command = builder.command(builder.alert('cpu', paging));
  builder.closedThere(builder.page(command));
  return { builder, command };
}

/** Lets a trigger join a page, by the ledger of this owner. */
function join(builder: HistoryBuilder, host: PageCommand, ownerEpoch = 1): void {
  const command = builder.command(builder.alert('cpu', { ...paging, transition: 'retriggered' }));
  builder.outcome(command, 'joined', { joinedPageId: host.pageId });
  builder.state(host, { joined: [command.pageId] }, ownerEpoch);
}

const found = ({ history }: HistoryBuilder) => audit(history).findings.map(({ kind, rule }) => `${kind} ${rule}`);

describe('of a page that a responder closed', () => {
  it('the end, a second page and a silent repeat are in order', () => {
    const { builder } = closed();
    builder.outcome(builder.command(builder.alert('cpu', repeat)), 'superseded', { reason: 'closed-there' });
    builder.page(builder.command(builder.alert('cpu', paging)));
    expect(found(builder)).toEqual([]);
    expect(audit(builder.history)).toMatchObject({ closedThere: 1, joinedClosed: 0 });
  });

  it('the end of its backup, which was not needed, is in order', () => {
    const { builder, command } = closed();
    const backup = builder.page(builder.backup(command));
    expect(found(builder)).toEqual([]);
    builder.resolved(backup);
    expect(found(builder)).toEqual([]);
  });

  it('a second page from before the close is a duplicate', () => {
    const builder = new HistoryBuilder();
    const first = builder.page(builder.command(builder.alert('cpu', paging)));
    builder.page(builder.command(builder.alert('cpu', paging)));
    builder.closedThere(first);
    expect(found(builder)).toEqual(['duplicateUntagged D2']);
  });

  it('a trigger with news is not silent, and no repeat after a recovery', () => {
    const { builder } = closed();
    builder.outcome(builder.command(builder.alert('cpu', paging)), 'superseded', { reason: 'closed-there' });
    expect(found(builder)).toEqual(['lost L7']);
    const other = closed().builder;
    other.resolve(other.alert('cpu', { transition: 'recovered', message: '' }));
    other.outcome(other.command(other.alert('cpu', repeat)), 'superseded', { reason: 'closed-there' });
    expect(found(other)).toEqual(['lost L7']);
  });

  it('a repeat is silent only if a responder closed it', () => {
    const builder = new HistoryBuilder();
    builder.page(builder.command(builder.alert('cpu', paging)));
    builder.outcome(builder.command(builder.alert('cpu', repeat)), 'superseded', { reason: 'closed-there' });
    expect(found(builder)).toEqual(['lost L7']);
  });

  it('nothing joins it after two answered polls of each instance', () => {
    const { builder, command } = closed();
    builder.state(command, { joined: [] });
    builder.polled('one', 'other', 'one', 'other');
    join(builder, command);
    expect(found(builder)).toEqual(['joinedClosed C1']);
  });

  it.each([
    ['an instance has read the list only once', ['one', 'other', 'one'], 1],
    ['another owner took the trigger', ['one', 'other', 'one', 'other'], 2],
  ])('a trigger may join it if %s', (_name, readers, ownerEpoch) => {
    const { builder, command } = closed();
    builder.state(command, { joined: [] });
    builder.polled(...readers);
    join(builder, command, ownerEpoch);
    expect(found(builder)).toEqual([]);
  });
});
