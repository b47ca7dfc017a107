import {
  handlerOf,
  orgAlertsCard,
  orgAlertsGroup,
  orgAlertTopicOf,
  services,
  type TopicCard,
} from '@pagebridge/contracts';
import { type KafkaAcl } from '@pagebridge/kafka';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';

/** A Kafka ACL for a party, independent of the name of its principal. */
export interface Acl extends Omit<KafkaAcl, 'principal'> {
  /** The name of a service or program, or of external producers or subscribers. */
  readonly who: string;
}

const deadLetters = 'dead-letters';
/** Reads what became of an alert, and how the installation is. */
const inspect = 'inspect';
/** The topics to which dead letters may be replayed, and those that are read to predict the effect of a replay. */
const replayTopics = ['paging.alerts.v1', 'paging.page-commands.v1'];
const replayHistory = [...replayTopics, 'paging.page-states.v1', 'paging.connections.v1'];

/** Returns the minimal ACLs for these cards, and for the own alert topics of these orgs, in the order of the parties. */
export function aclsOf(cards: readonly TopicCard[], sourceOrgs: readonly string[] = []): readonly Acl[] {
  const acls = [
    ...cards.flatMap(ofCard),
    ...sourceOrgs.flatMap(ofOrg),
    ...cards.flatMap(ofGroup),
    ...ofSubscribers(cards),
    ...ofDeadLetters(cards),
    ...ofInspect(cards),
    ...ofHistory(cards),
    ...ofTopicsJob(cards),
  ];
  const unique = new Map(acls.map((acl) => [Object.values(acl).join('|'), acl]));
  return [...unique.values()].toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)));
}

/** Returns the ACLs for an org's own alert topic. Its producers have a separate name, and rights on this topic only. */
function ofOrg(sourceOrg: string): Acl[] {
  const card = orgAlertsCard(sourceOrg);
  const { topic } = card;
  const dead = deadLetterTopicOf(topic);
  const group = { resourceType: 'group', resourceName: orgAlertsGroup, patternType: 'literal' } as const;
  return [
    onTopic(`${producersOf}${sourceOrg}`, 'Write', topic),
    // connection-management checks that both topics exist before an org may use them.
    ...[topic, dead].map((name) => onTopic('connection-management', 'Describe', name)),
    onTopic('alert-intake', 'Write', topic),
    onTopic('page-routing', 'Read', topic),
    onTopic('page-routing', 'Write', dead),
    { who: 'page-routing', operation: 'Read', ...group },
    ...[topic, dead].map((name) => onTopic(deadLetters, 'Read', name)),
    onTopic(deadLetters, 'Write', topic),
    ...ofInspect([card]),
    describeGroup(orgAlertsGroup),
    ...ofTopicsJob([card]),
  ];
}

function ofCard(card: TopicCard): Acl[] {
  const handler = handlerOf(card);
  const rights = [
    ...card.producers.map((party) => onTopic(nameOf(party), 'Write', card.topic)),
    ...card.consumers.map((party) => onTopic(nameOf(party), 'Read', card.topic)),
    ...(handler === undefined ? [] : [onTopic(nameOf(handler), 'Write', deadLetterTopicOf(card.topic))]),
  ];
  // A service compares the topics that it uses with their cards when it starts.
  const compared = rights.filter(({ who }) => services.some((service) => service === who));
  return [...rights, ...compared.map(({ who, resourceName }) => onTopic(who, 'DescribeConfigs', resourceName))];
}

/** Returns the ACL for the consumer group of the service that handles a topic, which has the name of the service. Tables are read without one. */
function ofGroup(card: TopicCard): Acl[] {
  const resourceName = handlerOf(card);
  if (resourceName === undefined) return [];
  return [{ who: resourceName, operation: 'Read', resourceType: 'group', resourceName, patternType: 'literal' }];
}

/** Returns the ACL for subscribers, which may use any group whose name begins with `subscribers`. */
function ofSubscribers(cards: readonly TopicCard[]): Acl[] {
  if (!cards.some(({ consumers }) => consumers.includes('subscribers'))) return [];
  const resourceName = 'subscribers';
  return [{ who: resourceName, operation: 'Read', resourceType: 'group', resourceName, patternType: 'prefixed' }];
}

const ofDeadLetters = (cards: readonly TopicCard[]): Acl[] => [
  ...cards
    .filter(({ deadLetter }) => deadLetter)
    .map(({ topic }) => onTopic(deadLetters, 'Read', deadLetterTopicOf(topic))),
  ...replayHistory.map((topic) => onTopic(deadLetters, 'Read', topic)),
  ...replayTopics.map((topic) => onTopic(deadLetters, 'Write', topic)),
];

/** What says who did what, or is about tokens: whoever inspects sees that it is there, and how large, but reads none of it. */
const withheld = [
  'paging.audit.v1',
  'paging.access-tokens.v1',
  'paging.access-token-uses.v1',
  'paging.integrations.v1',
];

/** The rights to read the topics with their settings, and how far the services have read them; no right to change anything. */
const ofInspect = (cards: readonly TopicCard[]): Acl[] => [
  ...cards.flatMap((card) => {
    const right = withheld.includes(card.topic) ? 'Describe' : 'Read';
    return topicsOf(card).flatMap((topic) => [
      onTopic(inspect, right, topic),
      onTopic(inspect, 'DescribeConfigs', topic),
    ]);
  }),
  ...cards.flatMap((card) => handlerOf(card) ?? []).map((service) => describeGroup(service)),
];

const describeGroup = (resourceName: string): Acl => ({
  ...{ who: inspect, operation: 'Describe', resourceType: 'group', resourceName, patternType: 'literal' },
});

const topicsOf = ({ topic, deadLetter }: TopicCard): string[] =>
  deadLetter ? [topic, deadLetterTopicOf(topic)] : [topic];
/** page-history reads all dead letters; and a topic that an org owns, with its dead letters, from when on it exists. */
const ofHistory = (cards: readonly TopicCard[]): Acl[] => [
  ...cards
    .filter(({ deadLetter }) => deadLetter)
    .map(({ topic }) => onTopic('page-history', 'Read', deadLetterTopicOf(topic))),
  { ...onTopic('page-history', 'Read', orgAlertTopicOf('')), patternType: 'prefixed' },
];

const ofTopicsJob = (cards: readonly TopicCard[]): Acl[] =>
  cards.flatMap(topicsOf).flatMap((topic) => topicsJobRights.map((operation) => onTopic('topics', operation, topic)));

const topicsJobRights = ['Create', 'Describe', 'DescribeConfigs'] as const;

const onTopic = (who: string, operation: Acl['operation'], resourceName: string): Acl => ({
  who,
  operation,
  resourceType: 'topic',
  resourceName,
  patternType: 'literal',
});

const producersOf = 'alert-producers-';
const nameOf = (party: string): string => party.replaceAll(' ', '-');

const parties: readonly string[] = [
  'alert-producers',
  ...services,
  'subscribers',
  deadLetters,
  inspect,
  'reseal',
  'topics',
];
const orderOf = ({ who, resourceType, resourceName, operation }: Acl): string =>
  [
    String(parties.indexOf(who.startsWith(producersOf) ? 'alert-producers' : who)).padStart(2, '0'),
    resourceType === 'topic' ? 0 : 1,
    resourceName,
    operation,
  ].join(' ');
