import { describe, expect, it } from '@jest/globals';
import type { Complaint, Reading } from '../alerts/source-alert.ts';
import { readAlertmanager } from '../sources/alertmanager/alertmanager.ts';
import { readPlain } from '../sources/plain/plain-alerts.ts';
import { FairTurns } from '../turns/fair-turns.ts';
import { readAll, understood } from './read.ts';

const owner = { sourceOrg: 'acme-us', name: 'here' };
const good = { status: 'firing', labels: { alertname: 'Disk' }, fingerprint: '1' };

const inPieces =
  (signal = new AbortController().signal): Parameters<typeof readAll>[1] =>
  (members, work) =>
    new FairTurns().each(owner, signal, members, work);

async function read(reading: Reading | Complaint) {
  const alerts: object[] = [];
  const rest = await readAll(understood(reading), inPieces(), (alert) => alerts.push(alert));
  return { alerts, ...rest };
}

describe('a group of which many members cannot be read', () => {
  it('loses none of the others, keeps a hundred refusals, and says how many more there were', async () => {
    const { alerts, refused, unreadable } = await read(readAlertmanager({ alerts: [...Array(150).fill({}), good] }));
    expect([alerts.length, refused.length, unreadable]).toEqual([1, 100, 150]);
    expect(refused[0]).toEqual({
      place: 'alerts.0',
      reason: 'status is neither firing nor resolved',
      request: { alerts: [{}] },
    });
    expect(refused.at(-1)?.reason).toBe(
      'status is neither firing nor resolved; and 50 more are not valid, and are not stored',
    );
  });
});

describe('a request of which nothing can be read', () => {
  it.each([
    ['a group', readAlertmanager({ alerts: [1, 2] }), 'alerts.0'],
    ['one alert', readPlain({ key: 'b' }), 'body'],
    ['a list', readPlain([{ key: 'b' }]), '0'],
  ])('is refused as a whole, with the field and the fix of the first: %s', async (_what, reading, field) => {
    await expect(read(reading)).rejects.toMatchObject({
      details: { status: 400, code: 'not-understood', errors: [{ field, cure: expect.any(String) }] },
    });
  });
});

it('a request whose sender no longer waits is read no further', async () => {
  const reading = understood(readAlertmanager({ alerts: [good] }));
  await expect(readAll(reading, inPieces(AbortSignal.abort(new Error('gone'))), () => undefined)).rejects.toThrow(
    'gone',
  );
});
