import { Injectable } from '@nestjs/common';
import { type Hop, hopOf, type Trace, traceOf } from '@pagebridge/trace';
import { alertIdentity } from '@pagebridge/vocabulary';
import { DataSource, In } from 'typeorm';
import { ConnectionNames } from '../asked/connection-names.ts';
import { type Extent, Extents } from '../asked/extent.ts';
import { storedRecordOf } from '../reading/record-row.ts';
import { HistoryRecord } from '../rows/history-record.entity.ts';
import { Mention } from '../rows/mention.entity.ts';

// A trace of more records helps nobody, and would hold up others.
const mostRecords = 1000;
const mostReports = 200;

/** A trace, as of the time up to which everything is stored. */
export type StoredTrace = Omit<Trace, keyof Extent> & Extent;

/** Tells the whole life of an alert from the records that are kept. */
@Injectable()
export class Traces {
  constructor(
    private readonly dataSource: DataSource,
    private readonly names: ConnectionNames,
    private readonly extents: Extents,
  ) {}

  async of(sourceOrg: string, alertKey: string): Promise<StoredTrace> {
    const [extent, records] = await Promise.all([this.extents.now(), this.recordsOf(sourceOrg, alertKey)]);
    const hops = records.map((record) => hopOf(storedRecordOf(record)));
    const ids = new Set(hops.flatMap((hop) => connectionIdOf(hop) ?? []));
    const reports = ids.size === 0 ? [] : await this.reportsOf(ids);
    const missing = missingOf(records.length, extent);
    const sources = { sourceOrg, alertKey, hops: [...hops, ...reports], connections: this.names.of(ids), missing };
    const trace = traceOf({ ...sources, keptSince: new Map() }, [], new Date());
    return { ...trace, ...extent };
  }

  /** Returns the key of the alert of a page, by the id of Pagebridge or of the destination. */
  async alertOfPage(sourceOrg: string, pageId: string): Promise<string | undefined> {
    const { manager } = this.dataSource;
    // One after the other, since each has an index.
    const own = await manager.findOneBy(Mention, { sourceOrg, pageId });
    const found =
      own ??
      (await manager.findOne(Mention, { where: { sourceOrg, destinationPageId: pageId }, order: { at: 'DESC' } }));
    return found?.alertKey;
  }

  private async recordsOf(sourceOrg: string, alertKey: string): Promise<HistoryRecord[]> {
    const { manager } = this.dataSource;
    const key = Buffer.from(alertIdentity(sourceOrg, alertKey));
    // A record without an org cannot be read, or is about no alert of another org; its key says whose it is.
    const where = { key, sourceOrg: In([sourceOrg, '']) };
    return manager.find(HistoryRecord, { where, order: { id: 'DESC' }, take: mostRecords });
  }

  private async reportsOf(ids: ReadonlySet<string>): Promise<Hop[]> {
    const { manager } = this.dataSource;
    const where = { key: In([...ids].map((id) => Buffer.from(id))), kind: 'report' as const };
    const records = await manager.find(HistoryRecord, { where, order: { id: 'DESC' }, take: mostReports });
    const hops = records.map((record) => hopOf(storedRecordOf(record)));
    return hops.filter((hop) => hop.kind === 'report' && ['credential-fault', 'repaired'].includes(hop.report.kind));
  }
}

function connectionIdOf(hop: Hop): string | undefined {
  if (hop.kind === 'page') return hop.command.connectionId;
  return hop.kind === 'outcome' ? hop.outcome.connectionId : undefined;
}

const missingOf = (count: number, { asOf, lag }: Extent): string[] => [
  ...(count === mostRecords ? [`Only the last ${mostRecords} records of this alert are shown.`] : []),
  ...(lag.length === 0 && asOf !== null ? [] : [`What happened after ${asOf ?? 'the start'} is not stored yet.`]),
];
