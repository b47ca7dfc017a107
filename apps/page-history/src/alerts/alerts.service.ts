import { Injectable } from '@nestjs/common';
import { invalid } from '@pagebridge/service';
import { alertIdentity } from '@pagebridge/vocabulary';
import { type EntityManager, In, type SelectQueryBuilder } from 'typeorm';
import { ConnectionNames } from '../asked/connection-names.ts';
import { likeOf, type Part, partOf, type Range } from '../asked/listing.ts';
import { Stored } from '../asked/stored.ts';
import { HistoryRecord } from '../rows/history-record.entity.ts';
import { Mention, type MentionState } from '../rows/mention.entity.ts';
import { type AlertAnswer, type MentionAnswer, mentionAnswer, type PageAnswer } from './alerts.dto.ts';

/** What alerts or pages are asked for. */
export interface Filter extends Range {
  readonly state?: MentionState;
  readonly handle?: string;
  readonly connection?: string;
  readonly q?: string;
}

interface Firing {
  readonly alertKey: string;
  readonly eventId: string;
  readonly title: string;
  readonly at: Date;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Lists the alerts and the pages of a source org. */
@Injectable()
export class Alerts {
  constructor(
    private readonly stored: Stored,
    private readonly names: ConnectionNames,
  ) {}

  /** Returns alerts that fire, the latest first. Those of a state, a handle or a connection are found by their mentions. */
  async alerts(sourceOrg: string, filter: Filter): Promise<Part<AlertAnswer>> {
    const isByMention = (filter.state ?? filter.handle ?? filter.connection) !== undefined;
    const find = isByMention ? firingsByMention : firings;
    const { rows, next, mentions } = await this.stored.read(async (manager) => {
      const part = await find(manager, sourceOrg, filter);
      return { ...part, mentions: this.answersByFiring(await mentionsOf(manager, sourceOrg, part.rows)) };
    });
    const answers = rows.map(({ at, ...firing }) => ({
      ...firing,
      at: at.toISOString(),
      mentions: mentions.get(nameOf(firing)) ?? [],
    }));
    return { rows: answers, next };
  }

  /** Returns pages, the latest first, and handles that became none if their state is asked for. */
  async pages(sourceOrg: string, filter: Filter): Promise<Part<PageAnswer>> {
    const { rows, next } = await this.stored.read((manager) => {
      const query = mentionsWith(manager, sourceOrg, filter);
      if (filter.state === undefined) query.andWhere('mention.pageId IS NOT NULL');
      return partOf(query, bounded(filter));
    });
    const answers = this.answersOf(rows);
    const pages = rows.map(({ alertKey, eventId, title }, index) => ({
      ...{ alertKey, eventId, title },
      ...(answers[index] as MentionAnswer),
    }));
    return { rows: pages, next };
  }

  private answersByFiring(mentions: readonly Mention[]): Map<string, MentionAnswer[]> {
    const answers = this.answersOf(mentions);
    const pairs = mentions.map((mention, index) => [nameOf(mention), answers[index] as MentionAnswer] as const);
    const groups = Map.groupBy(pairs, ([name]) => name);
    return new Map([...groups].map(([name, its]) => [name, its.map(([, answer]) => answer)]));
  }

  private answersOf(mentions: readonly Mention[]): MentionAnswer[] {
    const names = this.names.of(mentions.flatMap(({ connectionId }) => connectionId ?? []));
    return mentions.map((mention) => mentionAnswer(mention, names.get(mention.connectionId ?? '')?.name));
  }
}

async function firings(manager: EntityManager, sourceOrg: string, filter: Filter): Promise<Part<Firing>> {
  const query = manager
    .createQueryBuilder(HistoryRecord, 'record')
    .select(['record.id', 'record.day', 'record.at', 'record.key', 'record.title', 'record.eventId'])
    .where('record.sourceOrg = :sourceOrg AND record.kind = :kind', { sourceOrg, kind: 'alert' });
  if (filter.q !== undefined) {
    // In JSON as producers write it: a message with other escapes is found by its title or key alone.
    const inJson = likeOf(JSON.stringify(filter.q).slice(1, -1));
    query.andWhere(
      '(record.title LIKE :like OR CONVERT(record.value USING utf8mb4) COLLATE utf8mb4_unicode_ci LIKE :inJson)',
      { like: likeOf(filter.q), inJson },
    );
  }
  const { rows, next } = await partOf(query, bounded(filter));
  const keyIn = alertIdentity(sourceOrg, '').length;
  const found = rows.map(({ key, eventId, title, at }) => ({
    ...{ alertKey: key.toString().slice(keyIn), eventId: eventId ?? '', title: title ?? '', at },
  }));
  return { rows: found, next };
}

async function firingsByMention(manager: EntityManager, sourceOrg: string, filter: Filter): Promise<Part<Firing>> {
  const { rows, next } = await partOf(mentionsWith(manager, sourceOrg, filter), bounded(filter));
  const found = new Map(rows.map((mention) => [nameOf(mention), mention]));
  return {
    rows: [...found.values()].map(({ alertKey, eventId, title, at }) => ({ alertKey, eventId, title, at })),
    next,
  };
}

function mentionsWith(
  manager: EntityManager,
  sourceOrg: string,
  { state, handle, connection, q }: Filter,
): SelectQueryBuilder<Mention> {
  const query = manager.createQueryBuilder(Mention, 'mention').where('mention.sourceOrg = :sourceOrg', { sourceOrg });
  if (state !== undefined) query.andWhere('mention.state = :state', { state });
  if (handle !== undefined) query.andWhere('mention.handle = :handle', { handle });
  if (connection !== undefined) query.andWhere('mention.connectionId = :connection', { connection });
  if (q !== undefined) {
    const like = likeOf(q);
    query.andWhere('(mention.title LIKE :like OR mention.alertKey LIKE :like)', { like });
  }
  return query;
}

/** Returns the mentions of these firings, the latest ones if there are too many. */
async function mentionsOf(manager: EntityManager, sourceOrg: string, of: readonly Firing[]): Promise<Mention[]> {
  if (of.length === 0) return [];
  const alertKey = In([...new Set(of.map((firing) => firing.alertKey))]);
  const eventId = In([...new Set(of.map((firing) => firing.eventId))]);
  const where = { sourceOrg, alertKey, eventId };
  const found = await manager.find(Mention, { where, order: { at: 'DESC' }, take: maxMentions });
  return found.filter(({ state }) => state !== 'late').reverse();
}

const maxMentions = 5000;
const nameOf = ({ alertKey, eventId }: Pick<Firing, 'alertKey' | 'eventId'>): string => `${alertKey}\n${eventId}`;

const maxSearchMs = 7 * dayMs;

/** A search reads every text of its time. Throws the problem of one whose time is too long. */
function bounded(filter: Filter): Range {
  if (filter.q === undefined) return filter;
  const to = filter.to?.getTime() ?? Date.now();
  const from = filter.from ?? new Date(to - dayMs);
  if (to - from.getTime() <= maxSearchMs) return { ...filter, from };
  const message = 'from must be at most 7 days before to, or before now';
  throw invalid([{ field: 'from', message, cure: 'Search a shorter time, or leave out q.' }]);
}
