import {
  AccessTokens,
  AccessTokenUses,
  type Alert,
  Audit,
  Connections,
  type Contract,
  Directories,
  HandleChanges,
  Handles,
  IntakeEpisodes,
  Integrations,
  PageStates,
  RefusedAlerts,
  SourceOrgs,
  type StoredRecord,
  SyncRequests,
} from '@pagebridge/contracts';
import { clockFor, type Hop, hopOf, timeOfRecord, wordsOfHops } from '@pagebridge/trace';
import { deadLetterTopicOf, handleOf, mentionsOf, namesWithin } from '@pagebridge/vocabulary';

/** What a record says, for people as a summary and for programs as data, without credentials. */
export interface Said {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly at: string;
  readonly key: string;
  /** What the record is; `unreadable`, `deleted` for a tombstone, `record` for one that is on no alert's way. */
  readonly kind: string;
  readonly summary: string;
  readonly data?: unknown;
}

/** What records are chosen by; all that is given must match. Handles are compared without `@oncall-`. */
export interface Chosen {
  readonly org?: string | undefined;
  readonly handle?: string | undefined;
  readonly key?: string | undefined;
}

/** The contracts of the topics that are no hops of an alert, by topic. */
const others = new Map(
  [
    ...[Connections, SourceOrgs, Handles, Directories, HandleChanges, PageStates, SyncRequests, IntakeEpisodes],
    ...[RefusedAlerts, Audit, AccessTokens, AccessTokenUses, Integrations],
  ].map((contract) => [contract.card.topic, contract as Contract<object>]),
);
const dead = deadLetterTopicOf('');

/** Returns what a record of a topic of Pagebridge says, also if it cannot be read. */
export function saidBy(record: StoredRecord & { readonly key: Buffer | null }): Said {
  const { topic, partition, offset } = record;
  const place = { topic, partition, offset, at: timeOfRecord(record), key: record.key?.toString('utf8') ?? '' };
  const contract = others.get(topic);
  if (record.value === null && !topic.endsWith(dead)) return { ...place, kind: 'deleted', summary: 'tombstone' };
  if (!contract) return { ...place, ...ofHop(hopOf(record)) };
  const read = contract.dataOf(record);
  if (!read.ok) return { ...place, kind: 'unreadable', summary: `${read.reason}: ${read.detail}` };
  const { credential: _, ...data } = read.data as Record<string, unknown>;
  return { ...place, kind: 'record', summary: fieldsOf(data, place.key), data };
}

function ofHop(hop: Hop): Pick<Said, 'kind' | 'summary' | 'data'> {
  const summary = wordsOfHops([], clockFor(new Date()))(hop);
  switch (hop.kind) {
    case 'alert': {
      const { transition, priority, title } = hop.alert;
      const handles = mentionsOf(hop.alert).map(handleOf).join(' ');
      return {
        kind: hop.kind,
        summary: `${transition}${priority ? ` ${priority}` : ''} "${title}" ${handles}`,
        data: hop.alert,
      };
    }
    case 'page':
    case 'resolve':
      return { kind: hop.kind, summary, data: hop.command };
    case 'unrouted':
      return { kind: hop.kind, summary, data: hop.unrouted };
    case 'outcome':
      return { kind: hop.outcome.outcome, summary, data: hop.outcome };
    case 'dead-letter':
      return { kind: hop.kind, summary, data: hop.letter };
    case 'report':
      return { kind: hop.report.kind, summary, data: hop.report };
    case 'unreadable':
      return { kind: hop.kind, summary: hop.detail };
  }
}

/** Returns the fields of an object that its key does not tell in one line: texts and numbers as they are, of lists their lengths. */
const fieldsOf = (data: object, key: string): string =>
  Object.entries(data)
    .flatMap(([field, value]) => {
      if (Array.isArray(value)) return `${field}=${value.length}`;
      if (typeof value === 'string' && key.includes(value)) return [];
      return typeof value === 'object' ? [] : `${field}=${JSON.stringify(value)}`;
    })
    .join(' ');

/** Returns whether a record is among those chosen. What is unreadable or deleted is judged by its key. */
export function isChosen({ key, data }: Said, chosen: Chosen): boolean {
  const { org, handle } = chosen;
  const its = (data ?? {}) as Record<string, unknown>;
  if (chosen.key !== undefined && key !== chosen.key && key !== `${org ?? its.sourceOrg}/${chosen.key}`) return false;
  if (org !== undefined && (its.sourceOrg ?? key.split('/')[0]) !== org) return false;
  return handle === undefined || handlesIn(its).includes(plain(handle));
}

const plain = (handle: string): string => handle.replace(/^@?oncall-/, '').toLowerCase();

function handlesIn(its: Record<string, unknown>): string[] {
  const named = [its.handle, its.teamHandle].filter((name) => typeof name === 'string');
  const mentions = typeof its.message === 'string' ? mentionsOf(its as Alert) : [];
  return [...named.map(plain), ...mentions.flatMap((mention) => [...namesWithin(mention)])];
}
