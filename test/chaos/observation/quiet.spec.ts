import { describe, expect, it } from '@jest/globals';
import { HistoryBuilder } from '../audit/history.fixtures.ts';
import { openWork } from './quiet.ts';

describe('the run is quiet', () => {
  it('when every alert has a result and no page is pending in the ledger', () => {
    const builder = new HistoryBuilder();
    const alert = builder.alert('cpu', { message: '@oncall-core' });
    expect(openWork(builder.history)).toEqual({ unanswered: 1, waiting: 0 });
    const command = builder.command(alert);
    builder.state(command, { status: 'pending' });
    expect(openWork(builder.history)).toEqual({ unanswered: 1, waiting: 1 });
    builder.page(command);
    builder.state(command, { status: 'delivered' });
    expect(openWork(builder.history)).toEqual({ unanswered: 0, waiting: 0 });
  });

  it('only after every acknowledged alert was seen in its topic', () => {
    const builder = new HistoryBuilder();
    builder.alert('cpu', { message: '' });
    builder.history.alerts = [];
    expect(openWork(builder.history)).toEqual({ unanswered: 1, waiting: 0 });
  });
});
