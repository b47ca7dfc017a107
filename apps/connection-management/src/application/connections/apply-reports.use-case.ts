import { actorOf, ownIssuer } from '@pagebridge/access';
import type { ConnectionReport } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import { applyReport } from '../../domain/apply-report.ts';
import type { Caller } from '../../domain/audit.ts';
import type { Store } from '../ports.ts';
import { removeConnection } from './remove-connection.ts';

export const reportResults = ['applied', 'older-credential', 'out-of-date', 'no-change', 'unknown-connection'] as const;
export type ReportResult = (typeof reportResults)[number];

// The actor of the entry. An earlier entry names the person who requested the deletion.
const reporter: Caller = {
  actor: actorOf({ issuer: ownIssuer, subject: 'page-delivery' }),
  onBehalfOf: null,
  requestId: '',
};

/**
 * Updates the status of connections from the reports of the other services. Repeated reports, in their order, change nothing.
 *
 * Once a service has used a rotated key pair, the connection is published without the former pair. The last report that a
 * deletion waits for removes the connection.
 */
export class ApplyReports {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Applies reports in order, those of one connection in one transaction. Rejects with StoreUnavailable. */
  async run(reports: readonly ConnectionReport[]): Promise<readonly ReportResult[]> {
    const results: ReportResult[] = [];
    for (const group of groups(reports)) results.push(...(await this.applyAll(group)));
    return results;
  }

  private applyAll(reports: readonly [ConnectionReport, ...ConnectionReport[]]): Promise<readonly ReportResult[]> {
    const { connectionId, sourceOrg } = reports[0];
    return this.store.transaction(async (unit) => {
      const before = await unit.lockConnection(connectionId, sourceOrg);
      if (!before) return reports.map(() => 'unknown-connection' as const);
      let connection = before;
      let isGone = false;
      const results = reports.map((report): ReportResult => {
        const effect = applyReport(connection, report, this.clock.now());
        if (effect.kind === 'ignored') return effect.reason;
        connection = effect.connection;
        isGone ||= effect.kind === 'gone';
        return 'applied';
      });
      if (isGone) {
        await removeConnection(unit, connection, reporter, this.clock.now());
        return results;
      }
      if (connection !== before) await unit.updateConnection(connection);
      if (connection.formerCredential !== before.formerCredential)
        await unit.publish({ kind: 'connection', connection });
      return results;
    });
  }
}

/** Groups reports by connection and org, and keeps their order within each group. */
function groups(reports: readonly ConnectionReport[]): readonly [ConnectionReport, ...ConnectionReport[]][] {
  const byConnection = new Map<string, [ConnectionReport, ...ConnectionReport[]]>();
  for (const report of reports) {
    const key = `${report.sourceOrg}/${report.connectionId}`;
    const group = byConnection.get(key);
    if (group) group.push(report);
    else byConnection.set(key, [report]);
  }
  return [...byConnection.values()];
}
