import { expect, it } from '@jest/globals';
import { anIntegration } from '@pagebridge/testing';
import type { Complaint, Reading, SourceAlert } from '../alerts/source-alert.ts';
import { cardOf } from '../sending/plan.ts';
import { understood } from '../sending/read.ts';
import { readAlertmanager } from './alertmanager/alertmanager.ts';
import { readGrafana } from './grafana/grafana.ts';
import { readPlain } from './plain/plain-alerts.ts';

function cardsIn(reading: Reading | Complaint) {
  const { members, read } = understood(reading);
  return members.map((member, index) => cardOf(read(member, index) as SourceAlert, member, anIntegration()));
}

/** Returns the milliseconds of CPU time that a piece of work takes, whatever else this machine does. */
function costOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const mebibyte = 1024 * 1024;
const many = <Each>(count: number, each: (index: number) => Each) => Array.from({ length: count }, (_, i) => each(i));
const member = (its: object = {}) => ({ status: 'firing', fingerprint: '0', ...its });
const ordinary = {
  alerts: many(2500, (index) =>
    member({
      fingerprint: `f${index}`,
      labels: { alertname: 'HighMemory', instance: `web-${index}`, severity: 'critical', cluster: 'eu1', job: 'node' },
      annotations: { summary: `High memory on web-${index}`, description: '92 % for 10 m. @oncall-core-infra' },
      generatorURL: 'https://prom.example.com/graph?g0.expr=mem+%3E+0.9',
    }),
  ),
};
const fields = (count: number) => Object.fromEntries(many(count, (index) => [`l${index}`, 'v']));

it.each<[string, typeof readAlertmanager, object]>([
  [
    'one address for all of a group',
    readAlertmanager,
    { alerts: many(200, () => member()), externalURL: `https://a/${'|'.repeat(4 * mebibyte)}` },
  ],
  [
    'an address that grows when it is escaped',
    readAlertmanager,
    { alerts: many(2500, () => member()), externalURL: `https://a/${'é|'.repeat(2000)}` },
  ],
  ['labels', readAlertmanager, { alerts: [member({ labels: fields(100_000) })] }],
  [
    'words of the field oncall',
    readAlertmanager,
    { alerts: [member({ annotations: { oncall: 'a '.repeat(2 * mebibyte) } })] },
  ],
  [
    'nested values',
    readGrafana,
    { alerts: many(50, () => member({ values: { a: many(80, () => many(80, () => many(10, () => 1))) } })) },
  ],
])('a request that is nothing but %s costs no more than three that are ordinary', (_, read, body) => {
  const usual = costOf(() => cardsIn(readAlertmanager(ordinary)));
  expect(costOf(() => cardsIn(read(body)))).toBeLessThan(3 * usual);
});

it('a value that cannot be turned into text costs only its own field', () => {
  const odd = { toString: 1 };
  const alert = { key: 'a', status: 'firing', title: 'Disk full', tags: [odd, 'a:b', 7, null], oncall: [odd, 'db'] };
  const { members, read } = understood(readPlain([{ ...alert, startsAt: odd }, alert]));
  expect(members.map(read)).toMatchObject([
    { place: '0', reason: expect.stringMatching(/^startsAt is not a time/) },
    { tags: ['a:b', '7'], oncall: ['db'] },
  ]);
  const [card] = cardsIn(
    readAlertmanager({ alerts: [member({ startsAt: odd, labels: { a: odd }, annotations: odd })] }),
  );
  expect(card?.card.title).toBe('Alert');
});
