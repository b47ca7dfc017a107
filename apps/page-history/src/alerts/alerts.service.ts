import { Injectable } from '@nestjs/common';
import { invalid } from '@pagebridge/service';
import { alertIdentity } from '@pagebridge/vocabulary';
import { type EntityManager, In, type SelectQueryBuilder } from 'typeorm';
import { KnownConnections } from '../asked/known-connections.ts';
import { likeOf, type Part, partOf, type Range } from '../asked/listing.ts';
import { Stored } from '../asked/stored.ts';
import { HistoryRecord } from '../rows/history-record.entity.ts';
import { Mention } from '../rows/mention.entity.ts';
import {
  type AlertAnswer,
  type MentionAnswer,
  type MentionsQuery,
  mentionAnswer,
  type PageAnswer,
} from './alerts.dto.ts';

/** A row of a list. */
type Firing = Pick<Mention, 'id' | 'at' | 'firing' | 'alertKey' | 'eventId' | 'title'>;
/** Where a mention is, and how many its firing has. */
type Place = Pick<Mention, 'id' | 'day' | 'firing'> & { readonly total: string };

const dayMs = 24 * 60 * 60 * 1000;

/** Lists the alerts and the pages of a source org. */
@Injectable()
export class Alerts {
  constructor(
    private readonly stored: Stored,
    private readonly known: KnownConnections,
  ) {}

  /** Returns alerts that fire, the latest first. Those of a state, a handle or a connection are found by their mentions. */
  async alerts(sourceOrg: string, filter: MentionsQuery): Promise<Part<AlertAnswer>> {
    const isByMention = (filter.state ?? filter.handle ?? filter.connection ?? filter.untakenSince) !== undefined;
    const find = isByMention ? firingsByMention : firings;
    const { rows, next, places, mentions } = await this.stored.read(async (manager) => {
      const part = await find(manager, sourceOrg, filter);
      const places = await placesOf(manager, new Set(part.rows.map(({ firing }) => firing)));
      return {
        ...part,
        places: Map.groupBy(places, ({ firing }) => firing),
        mentions: await mentionsAt(manager, places),
      };
    });
    const answers = new Map(this.answersOf(mentions).map((answer, at) => [mentions[at]?.id, answer]));
    // The rows of a firing are told once.
    const alerts = new Map(rows.map((row) => [row.firing, row]));
    const told = [...alerts.values()].map(({ firing, at, alertKey, eventId, title }) => {
      const its = places.get(firing) ?? [];
      const mentions = its.toReversed().flatMap((place) => answers.get(place.id) ?? []);
      const moreMentions = Number(its[0]?.total ?? 0) - mentions.length;
      return { alertKey, eventId, title, at: at.toISOString(), mentions, moreMentions };
    });
    return { rows: told, next };
  }

  /** Returns pages, the latest first, and handles that became none if their state is asked for. */
  async pages(sourceOrg: string, filter: MentionsQuery): Promise<Part<PageAnswer>> {
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

  private answersOf(mentions: readonly Mention[]): MentionAnswer[] {
    const names = this.known.of(mentions.flatMap(({ connectionId }) => connectionId ?? []));
    return mentions.map((mention) => mentionAnswer(mention, names.get(mention.connectionId ?? '')?.name));
  }
}

async function firings(manager: EntityManager, sourceOrg: string, filter: MentionsQuery): Promise<Part<Firing>> {
  const query = manager
    .createQueryBuilder(HistoryRecord, 'record')
    .select(['record.id', 'record.day', 'record.at', 'record.key', 'record.title', 'record.eventId', 'record.subject'])
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
  const found = rows.map(({ id, at, key, eventId, title, subject }) => ({
    ...{ id, at, firing: subject ?? '', alertKey: key.toString().slice(keyIn), eventId: eventId ?? '' },
    title: title ?? '',
  }));
  return { rows: found, next };
}

async function firingsByMention(
  manager: EntityManager,
  sourceOrg: string,
  filter: MentionsQuery,
): Promise<Part<Firing>> {
  const { rows, next } = await partOf(mentionsWith(manager, sourceOrg, filter), bounded(filter));
  const backed = rows.flatMap(({ backs, firing }) => (backs === null ? [] : firing));
  const found = await manager.findBy(Mention, { id: In(backed) });
  const firingOf = new Map(found.map(({ id, firing }) => [id, firing]));
  return { rows: rows.map((row) => ({ ...row, firing: firingOf.get(row.firing) ?? row.firing })), next };
}

function mentionsWith(
  manager: EntityManager,
  sourceOrg: string,
  { state, untakenSince, handle, connection, q }: MentionsQuery,
): SelectQueryBuilder<Mention> {
  const query = manager.createQueryBuilder(Mention, 'mention').where('mention.sourceOrg = :sourceOrg', { sourceOrg });
  if (state !== undefined) query.andWhere('mention.state = :state', { state });
  if (untakenSince !== undefined) {
    const isUntaken = "mention.state = 'delivered' AND mention.takenAt IS NULL AND mention.acceptedAt < :untakenSince";
    query.andWhere(isUntaken, { untakenSince });
  }
  if (handle !== undefined) query.andWhere('mention.handle = :handle', { handle });
  if (connection !== undefined) query.andWhere('mention.connectionId = :connection', { connection });
  if (q !== undefined) {
    const like = likeOf(q);
    query.andWhere('(mention.title LIKE :like OR mention.alertKey LIKE :like)', { like });
  }
  return query;
}

// As many handles as an alert may mention; some producers write an alert again under the same id and time.
const maxOfFiring = 100;
// Each takes at most some 10 KB of an answer.
const maxMentions = 1000;

// The last ones of each firing, the last one of all of them first. A backup has no command of its own: it is of the firing of the page
// that it backs.
const lastOfFirings = `
  WITH its AS (
    SELECT id, day, at, firing FROM mentions WHERE firing IN (?) AND state <> 'late'
    UNION
    SELECT backup.id, backup.day, backup.at, page.firing FROM mentions page JOIN mentions backup ON backup.firing = page.id
    WHERE page.firing IN (?)
  )
  SELECT id, day, firing, total FROM (
    SELECT id, day, firing, COUNT(*) OVER (PARTITION BY firing) AS total,
      ROW_NUMBER() OVER (PARTITION BY firing ORDER BY at DESC, id) AS place
    FROM its
  ) ranked WHERE place <= ${maxOfFiring} ORDER BY place LIMIT ${maxMentions}`;

const placesOf = async (manager: EntityManager, firings: ReadonlySet<string>): Promise<Place[]> =>
  firings.size === 0 ? [] : manager.query(lastOfFirings, [[...firings], [...firings]]);

const mentionsAt = (manager: EntityManager, places: readonly Place[]): Promise<Mention[]> =>
  manager.findBy(Mention, { id: In(places.map(({ id }) => id)), day: In([...new Set(places.map(({ day }) => day))]) });

const maxSearchMs = 7 * dayMs;

/** A search reads every text of its time. Throws the problem of one whose time is too long. */
function bounded(filter: MentionsQuery): Range {
  if (filter.q === undefined) return filter;
  const to = filter.to?.getTime() ?? Date.now();
  const from = filter.from ?? new Date(to - dayMs);
  if (to - from.getTime() <= maxSearchMs) return { ...filter, from };
  const message = 'from must be at most 7 days before to, or before now';
  throw invalid([{ field: 'from', message, cure: 'Search a shorter period, or omit q.' }]);
}
