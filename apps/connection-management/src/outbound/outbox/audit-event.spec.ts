import { describe, expect, it } from '@jest/globals';
import { Audit } from '@pagebridge/contracts';
import type { AuditEntry } from '../../domain/audit.ts';
import { minute } from '../../domain/connection.fixtures.ts';
import { auditRecordOf } from './audit-event.ts';

const entry: AuditEntry = {
  actor: 'https://issuer.test#ada',
  onBehalfOf: null,
  requestId: 'req-1',
  sourceOrg: 'acme-us',
  action: 'source-org.changed',
  target: 'acme-us',
  before: { localHandles: [] },
  after: { localHandles: ['web'] },
  at: minute(1),
};
const dataOf = (its: Partial<AuditEntry> = {}) => {
  const read = Audit.decode(auditRecordOf({ ...entry, ...its }, '7'));
  if (!read.ok) throw new Error(read.detail);
  return read.event.data;
};

describe('auditRecordOf', () => {
  it('contains the entry as in its row, with the id of the row, keyed by source org', () => {
    const record = auditRecordOf(entry, '7');
    expect([record.key, record.headers.ce_id]).toEqual(['acme-us', 'audit.7']);
    const { onBehalfOf: _nobody, at, ...its } = entry;
    expect(dataOf()).toEqual({ kind: 'entry', service: 'connection-management', ...its, at: at.toISOString() });
  });

  it('omits absent fields', () => {
    expect(Object.keys(dataOf({ before: null, after: null, requestId: '' })).toSorted()).toEqual([
      'action',
      'actor',
      'at',
      'kind',
      'service',
      'sourceOrg',
      'target',
    ]);
    expect(dataOf({ onBehalfOf: 'ada@example.com' })).toMatchObject({ onBehalfOf: 'ada@example.com' });
  });
});
