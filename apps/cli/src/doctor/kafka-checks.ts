import { Alerts, cards, ownerOf } from '@pagebridge/contracts';
import { compareTopics, KafkaError, type KafkaLog, type KafkaSettings, rightsOn } from '@pagebridge/kafka';
import { aclsOf } from '@pagebridge/topics';
import { duration } from '@pagebridge/trace';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { definitionsFor } from '../topics/names.ts';
import { type TopicState, topicStates } from '../topics/topic-states.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const slowMs = 60_000;
const stuckMs = 10 * 60_000;
const newLetterMs = 24 * 3_600_000;
const skewMs = 5000;
const recentMs = 3_600_000;
const inspect = 'grant this user the rights of inspect: pagebridge acls';
const dead = deadLetterTopicOf('');

/** What Kafka tells: findings, and the state of the topics; none if no broker answers. */
export async function checkKafka(
  settings: KafkaSettings,
): Promise<{ findings: Finding[]; topics: readonly TopicState[] }> {
  try {
    const { topics, unseen } = await topicStates(settings);
    const names = topics.map(({ topic }) => topic);
    const findings = [
      ok('brokers', `${settings.brokers.join(', ')}: ${topics.length} topics of Pagebridge`),
      encryption(settings),
      ...unseen.map((topic) =>
        fault(
          'topics',
          `${topic} does not exist or is not visible to this user`,
          'create it: pagebridge topics create; or grant this user its rights: pagebridge acls',
        ),
      ),
      ...(await rights(settings, names)),
      ...(await differences(settings, names)),
      ...topics.flatMap(lags),
      ...topics.flatMap(deadLetters),
      brokerClock(topics),
    ];
    return { findings, topics };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return { findings: [fault('brokers', error.message, 'docs/kafka-security.md#troubleshooting')], topics: [] };
  }
}

function encryption({ brokers, security }: KafkaSettings): Finding {
  const isHere = brokers.every((broker) => /^(127\.|localhost:|\[::1\])/.test(broker));
  if (security.tls) return ok('TLS', `on, ${security.sasl ? `login by ${security.sasl.mechanism}` : 'no login'}`);
  if (isHere) return ok('TLS', 'off, on loopback');
  return warning('TLS', 'off: alerts are sent unencrypted', 'set KAFKA_TLS=on: docs/kafka-security.md');
}

/** The rights on topics that the user of this command should have. */
async function rights(settings: KafkaSettings, topics: readonly string[]): Promise<Finding[]> {
  const orgs = topics.flatMap((topic) => ownerOf(topic) ?? []);
  const granted = await rightsOn(settings, topics);
  const lacking = aclsOf(cards, orgs)
    .filter(({ who, operation }) => who === 'inspect' && operation === 'Read')
    .flatMap(({ resourceName }) =>
      granted.has(resourceName) && !granted.get(resourceName)?.includes('Read') ? resourceName : [],
    );
  if (lacking.length === 0) return [ok('rights', 'this user has all read rights of inspect')];
  return [warning('rights', `this user cannot read ${lacking.join(', ')}`, inspect)];
}

async function differences(settings: KafkaSettings, topics: readonly string[]): Promise<Finding[]> {
  const untold: string[] = [];
  const log: KafkaLog = { ...settings.log, warn: (message) => void untold.push(message) };
  const faults = await compareTopics(
    { ...settings, log },
    definitionsFor(topics).filter(({ topic }) => topics.includes(topic)),
  );
  const findings = faults.map(({ isLoss, text }) => {
    const [detail = '', ...cure] = text.split('; ');
    return (isLoss ? fault : warning)('topics', detail, cure.join('; '));
  });
  if (findings.length === 0 && untold.length === 0)
    findings.push(ok('topics', `${topics.length} topics match their cards`));
  return [...findings, ...untold.map((message) => warning('topics', message, inspect))];
}

export const lags = ({ topic, groups }: TopicState): Finding[] =>
  groups.map(({ group, lagRecords, lagSeconds }) => {
    const check = `lag of ${group}`;
    if (lagRecords === null) return warning(check, `unknown for ${topic}`, inspect);
    if (lagSeconds === null) return warning(check, `${topic}: ${lagRecords} unread records of unknown age`, inspect);
    const ms = lagSeconds * 1000;
    if (ms < slowMs) return ok(check, `${topic}: ${lagRecords} unread records`);
    const detail = `${topic}: ${lagRecords} unread records, the oldest ${duration(ms)} old`;
    return (ms < stuckMs ? warning : fault)(check, detail, 'docs/runbooks/alerts.md#pagebridgedoesnotkeepup');
  });

export function deadLetters({ topic, last, records }: TopicState): Finding[] {
  if (topic.endsWith(dead) && last === null && records > 0) {
    const detail = `${topic}: ${records} records, the last of unknown age`;
    return [warning('dead letters', detail, inspect)];
  }
  const age = last === null ? Number.POSITIVE_INFINITY : Date.now() - Date.parse(last);
  if (!topic.endsWith(dead) || age > newLetterMs) return [];
  const cure = 'docs/runbooks/replay-dead-letters.md';
  return [warning('dead letters', `${topic}: last record ${duration(Math.max(0, age))} ago`, cure)];
}

/** A record of the alerts has the time of the broker, which is ahead if the record is from the future. */
export function brokerClock(topics: readonly TopicState[]): Finding {
  const last = topics.find(({ topic }) => topic === Alerts.card.topic)?.last;
  const ahead = last ? Date.parse(last) - Date.now() : Number.NEGATIVE_INFINITY;
  // The last alert of yesterday says nothing about the clock of today.
  if (ahead < -recentMs) return ok('clock of the brokers', 'unknown: no recent alert');
  if (ahead < skewMs) return ok('clock of the brokers', 'not ahead of this machine');
  return warning(
    'clock of the brokers',
    `${duration(ahead)} ahead of this machine`,
    'synchronize the clocks (NTP): alert ages depend on them',
  );
}
