import { describe, expect, it } from '@jest/globals';
import { Telling } from '../audit/history.features.ts';
import { openWork } from './quiet.ts';

describe('it is quiet', () => {
  it('when every alert is answered and no page waits in the ledger', () => {
    const telling = new Telling();
    const alert = telling.alert('cpu', { message: '@oncall-core' });
    expect(openWork(telling.history)).toEqual({ unanswered: 1, waiting: 0 });
    const command = telling.command(alert);
    telling.state(command, { status: 'pending' });
    expect(openWork(telling.history)).toEqual({ unanswered: 1, waiting: 1 });
    telling.page(command);
    telling.state(command, { status: 'delivered' });
    expect(openWork(telling.history)).toEqual({ unanswered: 0, waiting: 0 });
  });

  it('not before what was acknowledged has been seen in its topic', () => {
    const telling = new Telling();
    telling.alert('cpu', { message: '' });
    telling.history.alerts = [];
    expect(openWork(telling.history)).toEqual({ unanswered: 1, waiting: 0 });
  });
});
