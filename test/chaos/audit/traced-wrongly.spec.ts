import { describe, expect, it } from '@jest/globals';
import { audit } from './audit.ts';
import { HistoryBuilder } from './history.fixtures.ts';

const kind = 'destination answers 503';

/** Returns the audit of a page whose call failed for a reason while a fault of its destination was made. */
function auditedAfter(reason: string, fault = kind) {
  const made = new HistoryBuilder();
  made.team('core');
  made.connection({ enabled: true });
  const command = made.command(made.alert('a', { message: '@oncall-core' }));
  made.outcome(command, 'retried', { reason });
  made.page(command);
  const victim = made.history.connections[0]?.data?.destinationOrg.name ?? '';
  made.history.faults.push({ kind: fault, victim, from: 0, until: Date.parse('2027-01-01') });
  return audit(made.history);
}

describe('the cause that a trace names', () => {
  it('is held against the fault that was made', () => {
    expect(auditedAfter('server')).toMatchObject({ causesChecked: 1, tracedWrongly: 0 });
    const { findings } = auditedAfter('network');
    expect(findings).toEqual([expect.objectContaining({ kind: 'tracedWrongly', rule: 'T2' })]);
  });

  it('may always be a limit or a lost answer, and is not held against faults that fail no call', () => {
    expect(auditedAfter('rate-limited')).toMatchObject({ causesChecked: 1, tracedWrongly: 0 });
    expect(auditedAfter('network', 'destination is slow')).toMatchObject({ causesChecked: 0, tracedWrongly: 0 });
  });
});
