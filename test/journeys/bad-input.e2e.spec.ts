import { describe, expect, it } from '@jest/globals';
import { Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { anAlert, anAlertRecord } from '@pagebridge/testing';
import { alertIdentity, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();
const { topic, eventType } = Alerts.card;

/** Returns an invalid value for the alerts topic, as any producer may write it. */
type Spoil = (record: OutgoingRecord) => Buffer | null;

const eventWith = (data: object): Buffer =>
  Buffer.from(JSON.stringify({ specversion: '1.0', type: eventType, source: '//bad', id: 'bad', data }));

const handles = (count: number) => Array.from({ length: count }, (_, index) => `@oncall-core-infra-${index}`).join(' ');

const ownersOf = (key: string) => {
  const [sourceOrg, alertKey] = key.split('/');
  return { sourceOrg, alertKey };
};

const spoiled: readonly (readonly [what: string, reason: string, spoil: Spoil])[] = [
  ['is not JSON', 'not-json', () => Buffer.from('High memory usage! @oncall-core-infra')],
  ['is not a CloudEvent', 'not-a-cloudevent', () => Buffer.from(JSON.stringify(anAlert()))],
  ['violates the schema', 'schema-violation', () => eventWith({ ...anAlert(), transition: 'exploded' })],
  ['has a wrong form of source org', 'schema-violation', () => eventWith({ ...anAlert(), sourceOrg: 'ACME US!' })],
  [
    'is full of handles (10,000 of them)',
    'too-many-handles',
    ({ key }) => eventWith({ ...anAlert(), ...ownersOf(key), message: handles(10_000) }),
  ],
  ['has no value', 'null-value', () => null],
  ['has two megabytes', 'too-large', () => eventWith({ ...anAlert(), message: 'x'.repeat(2 * 1024 * 1024) })],
];

describe('a record on the alerts topic that', () => {
  it.each(spoiled)(
    '%s is parked as %s, and the next records of its partition are routed',
    async (_what, reason, spoil) => {
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
      );
      expect(dead.headers['x-dlq-reason']?.toString()).toBe(reason);
      expect(dead.headers['x-dlq-topic']?.toString()).toBe(topic);
      expect(dead.headers['x-from']?.toString()).toBe('bad-input');
      expect(value === null ? dead.value : dead.value?.equals(value)).toBe(value === null ? null : true);
    },
  );
});

describe('an alert with the text `@oncall-`', () => {
  it('mentions no handle and blocks no other alert', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    await acme.alert({ alertKey: 'empty', message: '@oncall- '.repeat(10_000) });
    const next = await acme.alert({ alertKey: 'empty', message: '@oncall-payments' });
    await acme.pageIn(journey.globex, next, 'payments');
    expect(await acme.pages(journey.globex)).toHaveLength(1);
  });
});
