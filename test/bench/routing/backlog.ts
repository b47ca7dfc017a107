import { type Alert, Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';
import { type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';
import type { Link } from '../page-path/world.ts';

const alertBytes = 560;
const handles = 100_000;
const alertingThings = 10_000;
const perPublish = 2_000;
const time = '2026-01-31T12:00:00.000Z';

/** Returns this number of source orgs. */
export const sourceOrgs = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `source-org-${String(n).padStart(2, '0')}`);
const teamOf = (n: number): string => `team-${String(n).padStart(4, '0')}`;

/** Returns the links of a large installation: these source orgs may page 100,000 teams, spread over the destinations. */
export const linksTo = (destinations: number, orgs: readonly string[]): readonly Link[] =>
  Array.from({ length: destinations }, (_, destination) => destination).flatMap((destination) =>
    orgs.map((sourceOrg) => ({
      sourceOrg,
      dataCenter: 'EU1',
      destinationOrg: `destination-${destination}`,
      teams: teamsOf(destination, destinations, handles / orgs.length),
      apiKey: 'api-key',
      applicationKey: 'application-key',
    })),
  );

const teamsOf = (destination: number, destinations: number, ofEach: number): string[] =>
  Array.from({ length: ofEach / destinations }, (_, team) => teamOf(team * destinations + destination));

/** Returns the nth alert, with one external handle and 560 bytes; a bare value without SDK headers. */
function alertNumber(n: number, orgs: readonly string[]): OutgoingRecord & { readonly sourceOrg: string } {
  const thing = (n * 7919) % alertingThings;
  const sourceOrg = orgs[thing % orgs.length] ?? '';
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
  const message = `Memory is above 90 %. ${handleOf(teamOf((n * 31) % (handles / orgs.length)))} `;
  const encode = (text: string) =>
    Alerts.encode(alertIdentity(sourceOrg, alertKey), { id: `${n}`, source: '//bench.example', time }, alert(text));
  const room = alertBytes - (encode(message).value?.length ?? 0);
  if (room < 0) throw new RangeError(`an alert takes ${alertBytes - room} bytes`);
  return { ...encode(message + '.'.repeat(room)), headers: {}, sourceOrg };
}

/** Publishes a number of alerts of these orgs, on the shared topic or on their own topics. */
export async function publishBacklog(
  kafka: KafkaAccess,
  count: number,
  orgs: readonly string[],
  topicOf: (sourceOrg: string) => string = () => Alerts.card.topic,
): Promise<void> {
  const publisher = new Publisher(settingsOf(kafka, 'alert-producer'));
  const alerts = Array.from({ length: count }, (_, n) => alertNumber(n, orgs));
  // One topic at a time: a publish to all partitions of a hundred topics would be many small writes.
  for (const its of Map.groupBy(alerts, ({ sourceOrg }) => topicOf(sourceOrg)).values()) {
    for (let from = 0; from < its.length; from += perPublish) {
      const part = its.slice(from, from + perPublish);
      await publisher.publish(part.map(({ sourceOrg, ...record }) => ({ ...record, topic: topicOf(sourceOrg) })));
    }
  }
  await publisher.close();
}
