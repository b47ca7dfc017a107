import { deadLetterHeaders } from '@pagebridge/vocabulary';
import { stringify } from 'yaml';
import { Alerts, eventSchemaOf, orgAlertsCard, type TopicCard, topicDefinitionsOf } from '../src/index.ts';
import { examplesOf, folderOf } from './examples.ts';

const header = '# Generated from the cards of libs/contracts by `npm run generate`; edit those.\n';

/** Returns the AsyncAPI 3 document of these topics: a channel for each topic and its dead letters, an operation for each party. */
export function asyncApiOf(cards: readonly TopicCard[]): string {
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Pagebridge',
      version: '1.0.0',
      description:
        'Alerts in one organization page the On-Call teams of another. Every value is a CloudEvents 1.0 JSON event in ' +
        'structured mode, its attributes mirrored in `ce_*` headers; binary mode is read too. Records are partitioned ' +
        'by key with murmur2, like the Java client does; librdkafka clients set `partitioner=murmur2_random`.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      kafka: {
        host: '{brokers}',
        protocol: 'kafka',
        description: 'Kafka cluster in `KAFKA_BROKERS`.',
        variables: { brokers: { default: '127.0.0.1:9092' } },
      },
    },
    channels: Object.fromEntries([...cards.flatMap((card) => channelsOf(card)), ...channelsOfOrgs()]),
    operations: Object.fromEntries([
      ...cards.flatMap((card) => operationsOf(card)),
      ...operationsOf(Alerts.card, 'orgAlerts'),
    ]),
    components: {
      messages: { ...Object.fromEntries(cards.map((card) => [nameOf(card), messageOf(card)])), deadLetter },
    },
  };
  return header + stringify(document, { aliasDuplicateObjects: false, lineWidth: 120 });
}

function channelsOf(card: TopicCard, name = nameOf(card), meant = card): [string, object][] {
  return topicDefinitionsOf(card).map(({ topic, partitions, config }, index) => {
    const isDead = index > 0;
    const message = isDead ? 'deadLetter' : nameOf(meant);
    const channel = {
      address: topic,
      description: isDead ? `Records of ${card.topic} that could not be read or processed.` : card.meaning,
      messages: { [message]: { $ref: `#/components/messages/${message}` } },
      bindings: { kafka: { topic, partitions, topicConfiguration: configuration(config), bindingVersion: '0.5.0' } },
    };
    return [isDead ? `${name}Dead` : name, channel];
  });
}

const sourceOrg = { description: 'The source org that owns the topic.' };

// The channels of the own alert topics, with a parameter for the org; their messages are those of the shared topic.
const channelsOfOrgs = (): [string, object][] =>
  channelsOf(orgAlertsCard('{sourceOrg}'), 'orgAlerts', Alerts.card).map(([name, channel]) => [
    name,
    { ...channel, parameters: { sourceOrg } },
  ]);

// The AsyncAPI binding has `cleanup.policy` as a list and sizes as numbers; Kafka has strings.
const configuration = (config: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, key === 'cleanup.policy' ? [value] : numeric(value)]),
  );

const numeric = (value: string): string | number => (Number.isNaN(Number(value)) ? value : Number(value));

function operationsOf(card: TopicCard, name = nameOf(card)): [string, object][] {
  const sends = card.producers.map((party) => operation(card, party, 'send', name));
  const receives = card.consumers.map((party) => operation(card, party, 'receive', name));
  return [...sends, ...receives];
}

function operation(card: TopicCard, party: string, action: 'send' | 'receive', name: string): [string, object] {
  const channel = `#/channels/${name}`;
  return [
    camel(`${party} ${action}s ${name === nameOf(card) ? folderOf(card) : 'org alerts'}`),
    {
      action,
      channel: { $ref: channel },
      messages: [{ $ref: `${channel}/messages/${nameOf(card)}` }],
      tags: [{ name: party }],
    },
  ];
}

function messageOf(card: TopicCard): object {
  const payload = plain(eventSchemaOf(card)) as { properties: { type: object } };
  payload.properties.type = { type: 'string', const: card.eventType };
  const examples = examplesOf(card, 'good').filter(({ record }) => Object.hasOwn(Object(record.value), 'specversion'));
  return {
    name: card.eventType,
    title: card.eventType.split('.').at(-2),
    summary: card.meaning,
    contentType: 'application/cloudevents+json',
    headers: {
      type: 'object',
      properties: {
        'content-type': { type: 'string', description: '`application/cloudevents+json` if the value is the event.' },
        traceparent: { type: 'string', description: 'W3C trace context of this hop.' },
      },
    },
    payload,
    bindings: {
      kafka: {
        key: { type: 'string', description: `\`${card.key}\`: records keep their order ${card.order}.` },
        bindingVersion: '0.5.0',
      },
    },
    examples: examples.map(({ name, why, record }) => ({ name, summary: why, payload: record.value })),
  };
}

const text = (description: string) => ({ type: 'string', description });

const deadLetter = {
  name: 'dead letter',
  summary: 'A record that needs a human: with its original key, value and headers, and headers with the reason.',
  contentType: 'application/octet-stream',
  headers: {
    type: 'object',
    description: 'The original headers of the record, and these.',
    properties: {
      [deadLetterHeaders.reason]: text('Machine-readable reason: `not-json`, `schema-violation`, `handler-failed`, …'),
      [deadLetterHeaders.detail]: text('The reason in a sentence, with its cure.'),
      [deadLetterHeaders.topic]: text('Original topic of the record.'),
      [deadLetterHeaders.partition]: text('Original partition.'),
      [deadLetterHeaders.offset]: text('Original offset.'),
      [deadLetterHeaders.timestamp]: text('Original timestamp, RFC 3339.'),
      [deadLetterHeaders.group]: text('Consumer group that parked the record.'),
      [deadLetterHeaders.service]: text('Service that parked the record.'),
      [deadLetterHeaders.failedAt]: text('When the record was parked, RFC 3339.'),
      [deadLetterHeaders.attempts]: text('Number of attempts.'),
      [deadLetterHeaders.rewritten]: text(
        '`true` for the command of a backup, created from the command of the original page.',
      ),
    },
  },
  payload: {},
};

// Removes `discriminator`, which has another meaning in AsyncAPI than in ajv.
function plain(schema: unknown): object {
  const text = JSON.stringify(schema, (key, value) => (key === 'discriminator' ? undefined : value));
  return JSON.parse(text);
}

const nameOf = (card: TopicCard): string => camel(folderOf(card));
const camel = (words: string): string => words.replaceAll(/[- ]+(\w)/g, (_all, letter) => letter.toUpperCase());
