import { describe, expect, it } from '@jest/globals';
import type { IncomingRecord } from './event.ts';
import { entryOf } from './table.ts';
import { SourceOrgs } from './topics.ts';

const settings = { sourceOrg: 'acme-us', localHandles: ['web'], version: 1 };
const attributes = { id: '1', source: '/test', time: '2026-01-01T00:00:00Z' };
const read = (key: string, record: IncomingRecord) =>
  entryOf(SourceOrgs, { ...record, key: Buffer.from(key) }, (data) => data.sourceOrg);

describe('an entry of a table', () => {
  it('has the value of its key', () => {
    expect(read('acme-us', SourceOrgs.encode('acme-us', attributes, settings))).toEqual({
      kind: 'value',
      value: settings,
    });
  });

  it('is deleted by a tombstone', () => {
    expect(read('acme-us', SourceOrgs.tombstone('acme-us'))).toEqual({ kind: 'deleted', value: null });
  });

  it('is unreadable if it violates its contract or has the key of another value', () => {
    const record = SourceOrgs.encode('acme-us', attributes, settings);
    expect(read('globex', record)).toEqual({ kind: 'unreadable', detail: 'its key does not match its value' });
    expect(read('acme-us', { ...record, value: Buffer.from('{') })).toMatchObject({
      kind: 'unreadable',
      detail: expect.stringMatching(/^not-json: /),
    });
  });
});
