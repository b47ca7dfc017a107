import { expect, it } from '@jest/globals';
import type { Integration } from '@pagebridge/contracts';
import { anIntegration } from '@pagebridge/testing';
import type { Complaint, Reading, SourceAlert } from '../alerts/source-alert.ts';
import type { Episode } from '../episodes/episode.ts';
import { readAlertmanager } from '../sources/alertmanager/alertmanager.ts';
import { readDatadog } from '../sources/datadog/datadog.ts';
import { readEventV2 } from '../sources/pagerduty/pagerduty.ts';
import { readPlain } from '../sources/plain/plain-alerts.ts';
import { cardOf, planOf } from './plan.ts';
import { understood } from './read.ts';

const minute = (n: number): number => Date.UTC(2026, 10, 26, 12, n);
const iso = (n: number): string => new Date(minute(n)).toISOString();

/** Returns what takes the bodies of an integration one after the other, and remembers what it is told. */
function anIntake(read: (body: unknown) => Reading | Complaint, its: Partial<Integration> = {}) {
  const integration = anIntegration(its);
  const episodes = new Map<string, Episode>();
  return (body: object, now = minute(30)) => {
    const reading = understood(read(body));
    const carded = reading.members.map((member, index) =>
      cardOf(reading.read(member, index) as SourceAlert, member, integration),
    );
    const plan = planOf(carded, integration, (key) => episodes.get(key), now);
    for (const [key, episode] of plan.episodes) episodes.set(key, episode);
    const { unchanged, withoutHandle } = plan;
    return { published: plan.events.map(({ data }) => data.transition), unchanged, withoutHandle };
  };
}

const plain = (its: object = {}) => ({ key: 'a', status: 'firing', title: 'Disk full', message: '@oncall-db', ...its });

it('a value that changes in the text of an alert publishes nothing; a handle or a priority that changes does', () => {
  const send = anIntake(readPlain);
  send(plain({ message: '92 % @oncall-db', details: { used: '92' } }));
  expect(send(plain({ message: '93 % @oncall-db', details: { used: '93' } }))).toMatchObject({ published: [] });
  expect(send(plain({ message: '93 % @oncall-db @oncall-web' }))).toMatchObject({ published: ['renotified'] });
  expect(send(plain({ message: '@oncall-db @oncall-web', oncall: 'core' }))).toMatchObject({
    published: ['renotified'],
  });
  const urgent = plain({ message: '@oncall-db @oncall-web', oncall: 'core', priority: 'P1' });
  expect(send(urgent)).toMatchObject({ published: ['renotified'] });
  expect(send(urgent)).toMatchObject({ published: [] });
});

it('alerts that fire, are published and name no handle are counted; handles in a title count', () => {
  const send = anIntake(readPlain);
  const titled = plain({ key: 'b', title: 'DB down @oncall-db', message: 'see the log' });
  expect(send([plain({ message: '' }), titled] as never)).toMatchObject({
    published: ['triggered', 'triggered'],
    withoutHandle: 1,
  });
  expect(send(plain({ message: '' }))).toMatchObject({ unchanged: 1, withoutHandle: 0 });
  expect(send(plain({ status: 'resolved', message: '' }))).toMatchObject({
    published: ['recovered'],
    withoutHandle: 0,
  });
  const datadog = anIntake(readDatadog);
  expect(datadog({ transition: 'Triggered', monitor: '1', title: '@oncall-db', message: 'x' })).toMatchObject({
    withoutHandle: 0,
  });
  expect(anIntake(readPlain, { defaultHandle: 'core' })(plain({ message: '' }))).toMatchObject({ withoutHandle: 0 });
});

it('an alert that the default handle is not for pages nobody when it fires, and its recovery is published', () => {
  const group = (status: string) => ({
    alerts: [{ status, labels: { alertname: 'Watchdog' }, startsAt: iso(1), endsAt: iso(5), fingerprint: '1' }],
  });
  const noDefaultFor: string[] = [];
  const send = anIntake(readAlertmanager, { defaultHandle: 'core', noDefaultFor });
  expect(send(group('firing'))).toMatchObject({ published: ['triggered'], withoutHandle: 0 });
  noDefaultFor.push('Watchdog');
  expect(send(group('resolved'))).toMatchObject({ published: ['recovered'] });
  expect(send(group('firing'))).toMatchObject({ published: [], unchanged: 1, withoutHandle: 0 });
});

it('a trigger of Datadog that comes again after its recovery pages nobody; one that is newer pages', () => {
  const send = anIntake(readDatadog);
  const notification = (id: number, transition: string, at: number) => ({
    id: String(id),
    date: String(minute(at)),
    monitor: '1',
    cycle: '2',
    transition,
    message: '@oncall-db',
  });
  // The first was not answered, so Datadog repeats it after the recovery.
  expect(send(notification(2, 'Recovered', 5))).toMatchObject({ published: ['recovered'] });
  expect(send(notification(1, 'Triggered', 1))).toMatchObject({ published: [], unchanged: 1 });
  expect(send(notification(3, 'Triggered', 6))).toMatchObject({ published: ['triggered'] });
});

it('a body without dedup_key is a repeat for ten minutes, and pages anew after them', () => {
  const send = anIntake(readEventV2);
  const event = { event_action: 'trigger', payload: { summary: 'backup failed @oncall-db' } };
  expect(send(event, minute(0))).toMatchObject({ published: ['triggered'] });
  expect(send(event, minute(9))).toMatchObject({ published: [] });
  expect(send(event, minute(60))).toMatchObject({ published: ['retriggered'] });
  const keyed = { ...event, dedup_key: 'a' };
  expect(send(keyed, minute(0))).toMatchObject({ published: ['triggered'] });
  expect(send(keyed, minute(60))).toMatchObject({ published: [] });
});
