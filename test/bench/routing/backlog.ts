import { type Alert, Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';
import { type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';
import type { Link } from '../page-path/world.ts';

const alertBytes = 560;
const sourceOrgs = 20;
const handlesOfEach = 5_000;
const alertingThings = 10_000;
const perPublish = 2_000;
const time = '2026-01-31T12:00:00.000Z';

const sourceOrgOf = (n: number): string => `source-org-${String(n % sourceOrgs).padStart(2, '0')}`;
const teamOf = (n: number): string => `team-${String(n % handlesOfEach).padStart(4, '0')}`;

/** The registry of a large installation: each source org may page 5,000 teams, those of so many destinations together. */
export const linksTo = (destinations: number): readonly Link[] =>
  Array.from({ length: sourceOrgs * destinations }, (_, n) => ({
    sourceOrg: sourceOrgOf(n),
    dataCenter: 'EU1',
    destinationOrg: `destination-${Math.floor(n / sourceOrgs)}`,
    teams: teamsOf(Math.floor(n / sourceOrgs), destinations),
    apiKey: 'api-key',
    applicationKey: 'application-key',
  }));

const teamsOf = (destination: number, destinations: number): string[] =>
  Array.from({ length: handlesOfEach / destinations }, (_, team) => teamOf(team * destinations + destination));

/** The nth alert: it names one external handle, and its value has 560 bytes; a bare value, as producers write without the SDK. */
function alertNumber(n: number): OutgoingRecord {
  const thing = (n * 7919) % alertingThings;
  const sourceOrg = sourceOrgOf(thing);
  const alertKey = `monitor-${thing}`;
  const alert = (message: string): Alert => ({
    sourceOrg,
    alertKey,
    transition: 'triggered',
    origin: 'monitor',
    title: 'High memory usage',
    message,
    priority: 'P2',
    tags: ['service:backend'],
    links: [{ title: 'Monitor', url: `https://${sourceOrg}.example/${thing}` }],
    occurredAt: time,
  });
  const message = `Memory is above 90 %. ${handleOf(teamOf(n * 31))} `;
  const encode = (text: string) =>
    Alerts.encode(alertIdentity(sourceOrg, alertKey), { id: `${n}`, source: '//bench.example', time }, alert(text));
  const room = alertBytes - (encode(message).value?.length ?? 0);
  if (room < 0) throw new RangeError(`an alert takes ${alertBytes - room} bytes`);
  return { ...encode(message + '.'.repeat(room)), headers: {} };
}

/** Publishes that many alerts. */
export async function publishBacklog(kafka: KafkaAccess, count: number): Promise<void> {
  const publisher = new Publisher(settingsOf(kafka, 'alert-producer'));
  for (let from = 0; from < count; from += perPublish) {
    const length = Math.min(perPublish, count - from);
    await publisher.publish(Array.from({ length }, (_, index) => alertNumber(from + index)));
  }
  await publisher.close();
}
