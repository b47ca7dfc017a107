import { Injectable } from '@nestjs/common';
import { orgAlertTopicOf } from '@pagebridge/contracts';
import { connectionIdOf, type Hop, hopOf, isAboutKeys, type Trace, traceOf } from '@pagebridge/trace';
import { alertIdentity, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { type EntityManager, In } from 'typeorm';
import { ConnectionNames } from '../asked/connection-names.ts';
import { type Extent, Extents, isBehind } from '../asked/extent.ts';
import { Stored } from '../asked/stored.ts';
import { inChunks } from '../reading/chunks.ts';
import { storedRecordOf } from '../reading/record-row.ts';
import { HistoryRecord } from '../rows/history-record.entity.ts';
import { Mention } from '../rows/mention.entity.ts';

// A trace of more records helps nobody, and would hold up others.
const maxRecords = 1000;
const maxBytes = 8 * 1024 * 1024;
const maxReports = 200;
const ownForm = /^[A-Za-z0-9_-]{16,64}$/;

/** A trace, as of the time up to which everything is stored. */
export type StoredTrace = Omit<Trace, keyof Extent> & Extent;

/** Tells the whole life of an alert from the records that are kept. */
@Injectable()
export class Traces {
  constructor(
    private readonly stored: Stored,
    private readonly names: ConnectionNames,
    private readonly extents: Extents,
  ) {}

  async of(sourceOrg: string, alertKey: string): Promise<StoredTrace> {
    const extent = await this.extents.now();
    const { hops, ids, reports, isCut } = await this.stored.read(async (manager) => {
      const { records, isCut } = await recordsOf(manager, sourceOrg, alertKey);
      const hops = records.map((record) => hopOf(storedRecordOf(record)));
      const ids = new Set(hops.flatMap((hop) => connectionIdOf(hop) ?? []));
      return { hops, ids, isCut, reports: ids.size === 0 ? [] : await reportsOf(manager, ids) };
    });
    const connections = this.names.of(ids);
    const now = new Date();
    const missing = missingOf(isCut ? hops.length : undefined, extent, now);
    const sources = { sourceOrg, alertKey, hops: [...hops, ...reports], connections, missing, keptSince: new Map() };
    return { ...traceOf(sources, [], now), ...extent };
  }

  /** Returns the key of the alert of a page, by the id of Pagebridge or of the destination. */
  alertOfPage(sourceOrg: string, pageId: string): Promise<string | undefined> {
    const isOwnForm = ownForm.test(pageId);
    const order = { at: 'DESC' } as const;
    return this.stored.read(async (manager) => {
      // One after the other, since each has an index.
      const own = isOwnForm ? await manager.findOneBy(Mention, { sourceOrg, pageId }) : null;
      const found = own ?? (await manager.findOne(Mention, { where: { sourceOrg, destinationPageId: pageId }, order }));
      return found?.alertKey;
    });
  }
}

/** Returns the last records with the key of an alert, as many as an answer can hold. */
async function recordsOf(manager: EntityManager, sourceOrg: string, alertKey: string) {
  const key = Buffer.from(alertIdentity(sourceOrg, alertKey));
  const own = [orgAlertTopicOf(sourceOrg), deadLetterTopicOf(orgAlertTopicOf(sourceOrg))];
  const found = await manager
    .createQueryBuilder(HistoryRecord, 'record')
    .select([
      'record.id AS id',
      'record.day AS day',
      'COALESCE(LENGTH(record.value), 0) + LENGTH(record.headers) AS bytes',
    ])
    // What another org has written to its own topic is none of its business, whatever key it has. A record without an org cannot
    // be read; its key says whose it is.
    .where('record.key = :key AND record.sourceOrg IN (:...orgs)', { key, orgs: [sourceOrg, ''] })
    .andWhere('(record.topic NOT LIKE :owned OR record.topic IN (:...own))', { owned: `${orgAlertTopicOf('')}%`, own })
    .orderBy('record.id', 'DESC')
    .limit(maxRecords)
    .getRawMany<{ readonly id: string; readonly day: number; readonly bytes: string }>();
  const [taken = []] = inChunks(found, maxRecords, maxBytes, ({ bytes }) => Number(bytes));
  const where = { id: In(taken.map(({ id }) => id)), day: In([...new Set(taken.map(({ day }) => day))]) };
  const records = taken.length === 0 ? [] : await manager.findBy(HistoryRecord, where);
  return { records, isCut: found.length === maxRecords || taken.length < found.length };
}

async function reportsOf(manager: EntityManager, ids: ReadonlySet<string>): Promise<Hop[]> {
  const where = { key: In([...ids].map((id) => Buffer.from(id))), kind: 'report' as const };
  const records = await manager.find(HistoryRecord, { where, order: { id: 'DESC' }, take: maxReports });
  return records.map((record) => hopOf(storedRecordOf(record))).filter(isAboutKeys);
}

/** `shown`: how many records are shown, if not all. */
function missingOf(shown: number | undefined, extent: Extent, now: Date): string[] {
  return [
    ...(shown === undefined ? [] : [`Only the last ${shown} records of this alert are shown.`]),
    ...(isBehind(extent, now) ? [`What happened after ${extent.asOf ?? 'the start'} may not be stored yet.`] : []),
  ];
}
