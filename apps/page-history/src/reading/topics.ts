import {
  Alerts,
  Audit,
  ConnectionReports,
  cards,
  HandleChanges,
  ownerOf,
  PageCommands,
  PageOutcomes,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';

/** The cards of the topics that every installation has and that are read. */
export const readCards = [
  Alerts,
  PageCommands,
  UnroutedHandles,
  PageOutcomes,
  ConnectionReports,
  HandleChanges,
  Audit,
].map(({ card }) => card);

/** The topics without which the history is not whole. */
export const readTopics = readCards.map(({ topic }) => topic);

const sharedTopics = [
  ...readTopics,
  ...cards.filter(({ deadLetter }) => deadLetter).map(({ topic }) => deadLetterTopicOf(topic)),
];

const dead = deadLetterTopicOf('');
const isOwn = (topic: string): boolean =>
  ownerOf(topic.endsWith(dead) ? topic.slice(0, -dead.length) : topic) !== undefined;

/** Returns the topics to read of those that exist: the shared ones, and those that source orgs own. */
export const topicsToRead = (existing: Iterable<string>): string[] =>
  [...existing].filter((topic) => sharedTopics.includes(topic) || isOwn(topic));
