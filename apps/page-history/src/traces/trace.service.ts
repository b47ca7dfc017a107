import { Injectable } from '@nestjs/common';
import { Alerts, type ConnectionReport } from '@pagebridge/contracts';
import { connectionIdOf, type Hop, hopOf, type Trace, traceOf } from '@pagebridge/trace';
import { alertIdentity } from '@pagebridge/vocabulary';
import { type EntityManager, In } from 'typeorm';
import { type Extent, Extents, isBehind } from '../asked/extent.ts';
import { KnownConnections } from '../asked/known-connections.ts';
import { Stored } from '../asked/stored.ts';
import { inChunks } from '../reading/chunks.ts';
import { storedRecordOf } from '../reading/record-row.ts';
import { whereFor } from '../reading/topics.ts';
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
    private readonly known: KnownConnections,
    private readonly extents: Extents,
  ) {}

  /** `only`: not the whole life, but this page with its alert, and the recovery. */
  async of(sourceOrg: string, alertKey: string, only?: Mention): Promise<StoredTrace> {
    const extent = await this.extents.now(sourceOrg);
    const { hops, ids, reports, isCut } = await this.stored.read(async (manager) => {
      const { records, isCut } = await recordsOf(manager, sourceOrg, alertKey, only);
      const hops = records.map((record) => hopOf(storedRecordOf(record)));
      const ids = new Set(hops.flatMap((hop) => connectionIdOf(hop) ?? []));
      return { hops, ids, isCut, reports: ids.size === 0 || only ? [] : await reportsOf(manager, ids) };
    });
    const now = new Date();
    const missing = missingOf(isCut ? hops.length : undefined, extent, now);
    const about = { sourceOrg, alertKey, connections: this.known.of(ids) };
    const sources = {
      ...about,
      hops: [...hops, ...reports],
      missing,
      mayLackRouting: isBehind(extent, now),
      keptSince: new Map([[Alerts.card.topic, extent.keptSince]]),
    };
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
async function recordsOf(manager: EntityManager, sourceOrg: string, alertKey: string, only: Mention | undefined) {
  const found = only ? await ofOne(manager, only) : await ofAlert(manager, sourceOrg, alertKey).getRawMany<Found>();
  const [taken = []] = inChunks(found, maxRecords, maxBytes, ({ bytes }) => Number(bytes));
  const where = { id: In(taken.map(({ id }) => id)), day: In([...new Set(taken.map(({ day }) => day))]) };
  const records = taken.length === 0 ? [] : await manager.findBy(HistoryRecord, where);
  return { records, isCut: found.length === maxRecords || taken.length < found.length };
}

type Found = Pick<HistoryRecord, 'id' | 'day' | 'kind'> & { readonly bytes: string };

const ofAlert = (manager: EntityManager, sourceOrg: string, alertKey: string) =>
  manager
    .createQueryBuilder(HistoryRecord, 'record')
    .select(['record.id AS id', 'record.day AS day', 'record.kind AS kind'])
    .addSelect('COALESCE(LENGTH(record.value), 0) + LENGTH(record.headers)', 'bytes')
    // What another org has written to its own topic is none of its business, whatever key it has. A record without an org cannot
    // be read; its key says whose it is.
    .where('record.key = :key', { key: Buffer.from(alertIdentity(sourceOrg, alertKey)) })
    .andWhere('record.sourceOrg IN (:...orgs)', { orgs: [sourceOrg, ''] })
    .andWhere(...whereFor(sourceOrg, 'record.topic'))
    .orderBy('record.id', 'DESC')
    .limit(maxRecords);

/** Finds the records of a page and of its firing, and the recovery that follows: an alert may have fired thousands of times. */
async function ofOne(manager: EntityManager, { id, firing, backs, sourceOrg, alertKey }: Mention): Promise<Found[]> {
  const backed = backs === null ? null : await manager.findOneBy(Mention, { id: firing });
  const found = await ofAlert(manager, sourceOrg, alertKey)
    .andWhere('record.subject IN (:...subjects)', { subjects: [id, backed?.firing ?? firing] })
    .getRawMany<Found>();
  const first = found.findLast(({ kind }) => kind === 'alert') ?? found.at(-1);
  const recovery = ofAlert(manager, sourceOrg, alertKey)
    .andWhere("record.kind = 'recovery' AND record.id > :id", { id: first?.id ?? 0 })
    .orderBy('record.id')
    .limit(1);
  return [...found, ...(await recovery.getRawMany<Found>())];
}

/** Returns the last reports of the keys of these connections, of each reporter: one may repeat its fault every few minutes. */
async function reportsOf(manager: EntityManager, ids: ReadonlySet<string>): Promise<Hop[]> {
  const reporters: ConnectionReport['reportedBy'][] = ['page-delivery', 'handle-sync'];
  const reports: Hop[] = [];
  for (const reporter of reporters) {
    const title = In([`${reporter} credential-fault`, `${reporter} repaired`]);
    const where = { key: In([...ids].map((id) => Buffer.from(id))), kind: 'report' as const, title };
    const records = await manager.find(HistoryRecord, { where, order: { id: 'DESC' }, take: maxReports });
    reports.push(...records.map((record) => hopOf(storedRecordOf(record))));
  }
  return reports;
}

/** `shown`: how many records are shown, if not all. */
function missingOf(shown: number | undefined, extent: Extent, now: Date): string[] {
  return [
    ...(shown === undefined ? [] : [`Only the last ${shown} records of this alert are shown.`]),
    ...(extent.leftOut === 0
      ? []
      : [`Records that could not be read or stored, possibly of this alert: ${extent.leftOut}.`]),
    ...(isBehind(extent, now) ? [`Records after ${extent.asOf ?? 'the start'} may not be stored yet.`] : []),
  ];
}
