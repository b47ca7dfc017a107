import { describe, expect, it } from '@jest/globals';
import { Alerts } from '@pagebridge/contracts';
import { Problem } from '@pagebridge/service';
import { anAlert, anAlertRecord } from '@pagebridge/testing';
import { alertIn } from './alert-body.ts';

const now = new Date('2026-06-01T00:00:00Z');
const { title: _title, origin: _origin, ...partial } = anAlert();
const event = { specversion: '1.0', type: Alerts.card.eventType, source: 's', id: '1' };

function errorsOf(body: unknown) {
  try {
    alertIn(body, now);
  } catch (error) {
    if (error instanceof Problem) return error.details.errors ?? [];
  }
  throw new Error('the body was accepted');
}

describe('an alert in an HTTP body', () => {
  it('is read as its data alone, or as a whole event', () => {
    const alert = anAlert();
    expect(alertIn(alert, now)).toMatchObject({ data: alert, time: now.toISOString() });
    const record = JSON.parse(String(anAlertRecord().value));
    expect(alertIn(record, now).id).toBe(record.id);
  });

  it.each([
    ['nothing', undefined, ['sourceOrg', 'alertKey', 'transition', 'origin', 'title', 'message', 'occurredAt']],
    ['an alert without two of its fields', partial, ['origin', 'title']],
    [
      'an event with few fields',
      { specversion: '1.0', data: partial },
      ['type', 'source', 'id', 'data.origin', 'data.title'],
    ],
    ['an event without data', event, ['data']],
  ])('is refused with all missing fields at once in %s', (_case, body, fields) => {
    const errors = errorsOf(body);
    expect(errors.map(({ field }) => field)).toEqual(fields);
    for (const { field, message, cure } of errors) {
      expect(message).toBe(`${field} is missing`);
      expect(cure).toMatch(/^Add the field\. \S/);
    }
  });

  it('is refused with the invalid field if none is missing', () => {
    expect(errorsOf(anAlert({ title: '' }))).toMatchObject([{ field: 'title', message: 'title must not be empty' }]);
    expect(errorsOf({ ...event, data: 'text' })).toMatchObject([{ field: 'data' }]);
  });
});
