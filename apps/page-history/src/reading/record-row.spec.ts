import { describe, expect, it } from '@jest/globals';
import { type Alert, Alerts, maxValueBytes, orgAlertTopicOf } from '@pagebridge/contracts';
import { anAlertRecord, asRead } from '@pagebridge/testing';
import { hopOf } from '@pagebridge/trace';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { rowOf, storedRecordOf } from './record-row.ts';

const now = new Date('2026-06-01T12:00:00Z');
const alertRecord = (its: Partial<Alert> = {}) => anAlertRecord({ sourceOrg: 'acme-us', ...its });
const deadTopic = deadLetterTopicOf(Alerts.card.topic);

describe('the row of a record', () => {
  it('holds all that a trace tells of it', () => {
    const record = asRead(alertRecord(), { partition: 3, offset: 7, timestamp: now.getTime() - 1000 });
    const row = rowOf(record, now);
    expect(row).toMatchObject({ kind: 'alert', sourceOrg: 'acme-us', title: '[Triggered] High memory usage' });
    expect(hopOf(storedRecordOf({ ...row, id: '1' }))).toEqual(hopOf(record));
  });

  it('keeps the headers of an event that needs them', () => {
    const { value, headers, ...rest } = alertRecord();
    const binary = {
      ...rest,
      value: JSON.stringify((JSON.parse(String(value)) as { data: object }).data),
      headers: { ...headers, 'content-type': 'application/json' },
    };
    const record = asRead(binary, { timestamp: now.getTime() });
    expect(hopOf(storedRecordOf({ ...rowOf(record, now), id: '1' }))).toEqual(hopOf(record));
  });

  it.each([
    ['has no time later than now', { timestamp: now.getTime() + 1e12 }, { at: now }],
    ['has no time before 1970', { timestamp: -5 }, { at: new Date(0), day: 0 }],
    ['has the day of its time', { timestamp: 86_400_000 * 20_000 + 5 }, { day: 20_000 }],
  ])('%s', (_what, place, expected) => {
    expect(rowOf(asRead(alertRecord(), place), now)).toMatchObject(expected);
  });

  it('is bounded, whatever a producer has written', () => {
    const record = { ...alertRecord(), key: 'k'.repeat(5000), value: 'x'.repeat(3 * maxValueBytes) };
    const row = rowOf(asRead(record), now);
    expect([row.kind, row.key.length, row.value?.length]).toEqual(['unreadable', 2200, maxValueBytes + 1]);
  });

  it.each([
    ['an alert that cannot be read', { ...alertRecord(), value: '{' }, 'unreadable'],
    ['an alert of another org on an own topic', { ...alertRecord(), topic: orgAlertTopicOf('other') }, 'unreadable'],
    ['a dead letter that cannot be read', { ...alertRecord(), topic: deadTopic, value: '{' }, 'dead-letter'],
    [
      'a dead letter of an alert of another org',
      { ...alertRecord(), topic: deadLetterTopicOf(orgAlertTopicOf('other')) },
      'dead-letter',
    ],
  ])('is shown to no org if it is %s', (_what, record, kind) => {
    expect(rowOf(asRead(record), now)).toMatchObject({ kind, sourceOrg: '' });
  });

  it('of a dead letter belongs to the org of the alert', () => {
    const row = rowOf(asRead({ ...alertRecord(), topic: deadTopic }), now);
    expect(row).toMatchObject({ kind: 'dead-letter', sourceOrg: 'acme-us', title: '[Triggered] High memory usage' });
  });
});
