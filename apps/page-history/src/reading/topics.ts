import {
  Alerts,
  ConnectionReports,
  cards,
  orgAlertTopicOf,
  ownerOf,
  PageCommands,
  PageOutcomes,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';

/** The cards of the topics that every installation has and that are read. */
export const readCards = [Alerts, PageCommands, UnroutedHandles, PageOutcomes, ConnectionReports].map(
  ({ card }) => card,
);

/** The topics without which the history is not whole. */
export const readTopics = readCards.map(({ topic }) => topic);

const sharedTopics = [
  ...readTopics,
  ...cards.filter(({ deadLetter }) => deadLetter).map(({ topic }) => deadLetterTopicOf(topic)),
];

const dead = deadLetterTopicOf('');
const ownerOfAny = (topic: string): string | undefined =>
  ownerOf(topic.endsWith(dead) ? topic.slice(0, -dead.length) : topic);

/** Returns the topics to read of those that exist: the shared ones, and those that source orgs own. */
export const topicsToRead = (existing: Iterable<string>): string[] =>
  [...existing].filter((topic) => sharedTopics.includes(topic) || ownerOfAny(topic) !== undefined);

/** Returns whether a topic is shared, or one of the org. */
export const isFor = (sourceOrg: string, topic: string): boolean => [undefined, sourceOrg].includes(ownerOfAny(topic));

/** The condition that `isFor` is in SQL, for a column. */
export const whereFor = (sourceOrg: string, column: string) => {
  const own = [orgAlertTopicOf(sourceOrg), deadLetterTopicOf(orgAlertTopicOf(sourceOrg))];
  const where = `(${column} NOT LIKE :owned OR ${column} IN (:...own))`;
  return [where, { owned: `${orgAlertTopicOf('')}%`, own }] as const;
};
