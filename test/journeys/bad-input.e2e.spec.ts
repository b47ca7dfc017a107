import { describe, expect, it } from '@jest/globals';
import { Alerts, deadLetterTopicOf, type OutgoingRecord, UnroutedHandles } from '@pagebridge/contracts';
import { anAlert, anAlertRecord } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { Journey } from '../harness/journey.ts';
import { patience } from '../harness/source-org.ts';

const journey = new Journey();
const { topic, eventType } = Alerts.card;

/** A value on the alerts topic, as whoever writes there may write it. */
type Spoil = (record: OutgoingRecord) => Buffer | null;

const eventWith = (data: object): Buffer =>
  Buffer.from(JSON.stringify({ specversion: '1.0', type: eventType, source: '//bad', id: 'bad', data }));

const spoiled: readonly (readonly [what: string, reason: string, spoil: Spoil])[] = [
  ['is not JSON', 'not-json', () => Buffer.from('High memory usage! @oncall-core-infra')],
  ['is not a CloudEvent', 'not-a-cloudevent', () => Buffer.from(JSON.stringify(anAlert()))],
  ['violates the schema', 'schema-violation', () => eventWith({ ...anAlert(), transition: 'exploded' })],
  ['has a wrong form of source org', 'schema-violation', () => eventWith({ ...anAlert(), sourceOrg: 'ACME US!' })],
  ['has no value', 'null-value', () => null],
  ['has two megabytes', 'too-large', () => eventWith({ ...anAlert(), message: 'x'.repeat(2 * 1024 * 1024) })],
];

describe('a record on the alerts topic that', () => {
  it.each(spoiled)('%s goes to the dead letters as %s, and its partition goes on', async (_what, reason, spoil) => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const key = alertIdentity(acme.id, 'cpu');
    const good = anAlertRecord({ sourceOrg: acme.id, alertKey: 'cpu' });
    const value = spoil(good);
    await journey.driver.publish([{ ...good, key, value, headers: { 'x-from': 'bad-input' } }]);
    const alert = await acme.alert({ alertKey: 'cpu', message: 'CPU @oncall-core-infra' });

    await acme.pageIn(journey.globex, alert, 'core-infra');
    const dead = await journey.driver.watch.waitForRecord(
      deadLetterTopicOf(topic),
      `the dead letter of ${key}`,
      (record) => record.key?.toString() === key,
      patience,
    );
    expect(dead.headers['x-dlq-reason']?.toString()).toBe(reason);
    expect(dead.headers['x-dlq-topic']?.toString()).toBe(topic);
    expect(dead.headers['x-from']?.toString()).toBe('bad-input');
    expect(value === null ? dead.value : dead.value?.equals(value)).toBe(value === null ? null : true);
  });
});

describe('an alert full of handles', () => {
  it('of 10,000 mentions is routed whole, and the next alert of its partition pages at once', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const mentions = Array.from({ length: 10_000 }, (_, index) => `@oncall-nobody-${index}`);
    const flood = await acme.alert({ alertKey: 'flood', message: `${mentions.join(' ')} @oncall-core-infra` });
    await acme.pageIn(journey.globex, flood, 'core-infra');
    const next = await acme.alert({ alertKey: 'flood', message: '@oncall-payments' });
    await acme.pageIn(journey.globex, next, 'payments');
    await journey.driver.watch.waitForEvent(
      UnroutedHandles,
      'the last of 10,000 unrouted handles',
      (it) => it.sourceOrg === acme.id && it.handle === '@oncall-nobody-9999',
      patience,
    );
    const unrouted = journey.driver.watch.eventsOf(UnroutedHandles, (it) => it.sourceOrg === acme.id);
    expect(new Set(unrouted.map(({ event }) => event.data.handle)).size).toBe(10_000);
  });

  it('of nothing but `@oncall-` mentions nobody', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    await acme.alert({ alertKey: 'empty', message: '@oncall- '.repeat(10_000) });
    const next = await acme.alert({ alertKey: 'empty', message: '@oncall-payments' });
    await acme.pageIn(journey.globex, next, 'payments');
    expect(await acme.pages(journey.globex)).toHaveLength(1);
  });
});
