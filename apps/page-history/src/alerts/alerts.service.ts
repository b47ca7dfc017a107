import { Injectable } from '@nestjs/common';
import { Alerts as AlertContract } from '@pagebridge/contracts';
import { DataSource, In, type SelectQueryBuilder } from 'typeorm';
import { ConnectionNames } from '../asked/connection-names.ts';
import { likeOf, type Part, partOf, type Range } from '../asked/listing.ts';
import { storedRecordOf } from '../reading/record-row.ts';
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
    private readonly dataSource: DataSource,
    private readonly names: ConnectionNames,
  ) {}

  /** Returns alerts that fire, the latest first. Those of a state, a handle or a connection are found by their mentions. */
  async alerts(sourceOrg: string, filter: Filter): Promise<Part<AlertAnswer>> {
    const isByMention = (filter.state ?? filter.handle ?? filter.connection) !== undefined;
    const { rows, next } = await (isByMention
      ? this.firingsByMention(sourceOrg, filter)
      : this.firings(sourceOrg, filter));
    const mentions = await this.mentionsOf(sourceOrg, rows);
    const answers = rows.map(({ at, ...firing }) => ({
      ...firing,
      at: at.toISOString(),
      mentions: mentions.get(nameOf(firing)) ?? [],
    }));
    return { rows: answers, next };
  }

  /** Returns pages, the latest first, and handles that became none if their state is asked for. */
  async pages(sourceOrg: string, filter: Filter): Promise<Part<PageAnswer>> {
    const query = this.mentions(sourceOrg, filter);
    if (filter.state === undefined) query.andWhere('mention.pageId IS NOT NULL');
    const { rows, next } = await partOf(query, bounded(filter));
    const answers = this.answersOf(rows);
    const pages = rows.map(({ alertKey, eventId, title }, index) => ({
      ...{ alertKey, eventId, title },
      ...(answers[index] as MentionAnswer),
    }));
    return { rows: pages, next };
  }

  private async firings(sourceOrg: string, filter: Filter): Promise<Part<Firing>> {
    const query = this.dataSource.manager
      .createQueryBuilder(HistoryRecord, 'record')
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
    return { rows: rows.flatMap(firingOf), next };
  }

  private async firingsByMention(sourceOrg: string, filter: Filter): Promise<Part<Firing>> {
    const { rows, next } = await partOf(this.mentions(sourceOrg, filter), bounded(filter));
    const firings = new Map(rows.map((mention) => [nameOf(mention), mention]));
    return {
      rows: [...firings.values()].map(({ alertKey, eventId, title, at }) => ({ alertKey, eventId, title, at })),
      next,
    };
  }

  private mentions(sourceOrg: string, { state, handle, connection, q }: Filter): SelectQueryBuilder<Mention> {
    const query = this.dataSource.manager
      .createQueryBuilder(Mention, 'mention')
      .where('mention.sourceOrg = :sourceOrg', { sourceOrg });
    if (state !== undefined) query.andWhere('mention.state = :state', { state });
    if (handle !== undefined) query.andWhere('mention.handle = :handle', { handle });
    if (connection !== undefined) query.andWhere('mention.connectionId = :connection', { connection });
    if (q !== undefined) {
      const like = likeOf(q);
      query.andWhere('(mention.title LIKE :like OR mention.alertKey LIKE :like)', { like });
    }
    return query;
  }

  /** Returns the mentions of firings, by their names. */
  private async mentionsOf(sourceOrg: string, firings: readonly Firing[]): Promise<Map<string, MentionAnswer[]>> {
    if (firings.length === 0) return new Map();
    const alertKey = In([...new Set(firings.map((firing) => firing.alertKey))]);
    const eventId = In([...new Set(firings.map((firing) => firing.eventId))]);
    const found = await this.dataSource.manager.find(Mention, {
      where: { sourceOrg, alertKey, eventId },
      order: { at: 'ASC' },
      take: mostMentions,
    });
    const shown = found.filter(({ state }) => state !== 'late');
    const answers = this.answersOf(shown);
    const named = shown.map((mention, index) => [nameOf(mention), answers[index] as MentionAnswer] as const);
    const groups = Map.groupBy(named, ([name]) => name);
    return new Map([...groups].map(([name, pairs]) => [name, pairs.map(([, answer]) => answer)]));
  }

  private answersOf(mentions: readonly Mention[]): MentionAnswer[] {
    const names = this.names.of(mentions.flatMap(({ connectionId }) => connectionId ?? []));
    return mentions.map((mention) => mentionAnswer(mention, names.get(mention.connectionId ?? '')?.name));
  }
}

const mostMentions = 5000;
const nameOf = ({ alertKey, eventId }: Pick<Firing, 'alertKey' | 'eventId'>): string => `${alertKey}\n${eventId}`;

/** A search reads every text of its time. */
const bounded = (filter: Filter): Range =>
  filter.q === undefined || filter.from !== undefined ? filter : { ...filter, from: new Date(Date.now() - dayMs) };

function firingOf(record: HistoryRecord): Firing[] {
  const read = AlertContract.decode(storedRecordOf(record));
  if (!read.ok) return [];
  const { alertKey, title } = read.event.data;
  return [{ alertKey, title, eventId: read.event.id, at: record.at }];
}
