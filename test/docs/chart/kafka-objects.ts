import type { TopicCard, TopicDefinition } from '@pagebridge/contracts';
import type { Acl } from '@pagebridge/topics';

/** What the objects are made from: what the contracts and `pagebridge acls` are made from too. */
export interface KafkaSource {
  readonly cards: readonly TopicCard[];
  readonly topicDefinitionsOf: (card: TopicCard) => readonly TopicDefinition[];
  readonly orgAlertsCard: (sourceOrg: string) => TopicCard;
  readonly aclsOf: (cards: readonly TopicCard[], sourceOrgs?: readonly string[]) => readonly Acl[];
}

/** An ACL as Strimzi's KafkaUser has it. */
interface UserAcl {
  readonly resource: { readonly type: string; readonly name: string; readonly patternType: 'literal' | 'prefix' };
  readonly operations: readonly string[];
}

/** Topics and rights as the chart renders them for Strimzi and KEDA; `{sourceOrg}` stands for each org that owns a topic. */
export function kafkaObjectsOf({ cards, topicDefinitionsOf, orgAlertsCard, aclsOf }: KafkaSource) {
  const org = 'placeholder';
  const shared = aclsOf(cards);
  const known = new Set(shared.map((acl) => JSON.stringify(acl)));
  const ofOrg = aclsOf(cards, [org]).filter((acl) => !known.has(JSON.stringify(acl)));
  const named = <T>(objects: T): T => JSON.parse(JSON.stringify(objects).replaceAll(org, '{sourceOrg}'));
  return {
    topics: cards.flatMap(topicDefinitionsOf),
    topicsOfOrg: named(topicDefinitionsOf(orgAlertsCard(org))),
    users: usersOf(shared),
    usersOfOrg: named(usersOf(ofOrg)),
    handled: handledBy(shared),
  };
}

function usersOf(acls: readonly Acl[]): Record<string, UserAcl[]> {
  const users: Record<string, Map<string, UserAcl>> = {};
  for (const { who, operation, resourceType: type, resourceName: name, patternType } of acls) {
    const resource = { type, name, patternType: patternType === 'prefixed' ? 'prefix' : patternType } as const;
    users[who] ??= new Map();
    const key = JSON.stringify(resource);
    const operations = [...(users[who].get(key)?.operations ?? []), operation];
    users[who].set(key, { resource, operations });
  }
  return Object.fromEntries(Object.entries(users).map(([who, resources]) => [who, [...resources.values()]]));
}

/** Which topics a service handles in its group: those whose unreadable records it parks. */
function handledBy(acls: readonly Acl[]): Record<string, string[]> {
  const parked = acls.filter(({ operation, resourceName }) => operation === 'Write' && resourceName.endsWith('.dead'));
  const topics = Object.groupBy(parked, ({ who }) => who);
  const names = (all: readonly Acl[] = []) => all.map(({ resourceName }) => resourceName.replace(/\.dead$/, ''));
  return Object.fromEntries(Object.entries(topics).map(([who, all]) => [who, names(all)]));
}
