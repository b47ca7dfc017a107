import { cards, orgAlertsCard, ownerOf, topicDefinitionsOf } from '@pagebridge/contracts';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';

const dead = deadLetterTopicOf('');

/** Returns the names of the topics of Pagebridge among these, sorted; own alert topics of orgs are among them. */
export const knownAmong = (topics: Iterable<string>): string[] => {
  const declared = new Set(cards.flatMap(topicDefinitionsOf).map(({ topic }) => topic));
  return [...topics].filter((topic) => declared.has(topic) || orgOf(topic) !== undefined).toSorted();
};

/** Returns the org that owns an alert topic or its dead letters. */
const orgOf = (topic: string): string | undefined =>
  ownerOf(topic.endsWith(dead) ? topic.slice(0, -dead.length) : topic);

/** Returns what topics should be: all that Pagebridge declares, and the own alert topics of the orgs among those seen. */
export function definitionsFor(seen: Iterable<string>) {
  const orgs = new Set([...seen].flatMap((topic) => ownerOf(topic) ?? []));
  return [...cards, ...[...orgs].map(orgAlertsCard)].flatMap(topicDefinitionsOf);
}

/** Returns the topic with this name, or with this short name. */
export const topicNamed = (name: string, topics: readonly string[]): string | undefined =>
  topics.find((topic) => topic === name) ?? topics.find((topic) => shortNameOf(topic) === name);

/** Returns the short name of a topic: `alerts` of `paging.alerts.v1`, `alerts.dead` of its dead letters. */
export const shortNameOf = (topic: string): string => topic.replace(/^paging\./, '').replace(/\.v\d+(?=\.|$)/, '');
