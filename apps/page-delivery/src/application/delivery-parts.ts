import type { Terms } from '@pagebridge/page-lifecycle';
import { type Policy } from '@pagebridge/page-lifecycle';
import { Connections } from './connections.ts';
import { CredentialReports } from './credential-reports.ts';
import { Delivery } from './delivery.ts';
import { Drains } from './drains.ts';
import type { Lease } from './lease.ts';
import { Ledger } from './ledger/ledger.ts';
import { OperatorLog } from './operator-log.ts';
import { PageCaller } from './page-caller.ts';
import type { Clock, ConnectionReporter, DestinationClient, LedgerWriter, Log, Metrics, PageTexts } from './ports.ts';
import { PageReader } from './reading-back/page-reader.ts';
import type { LaneSettings } from './scheduling/lane.ts';
import { Lanes } from './scheduling/lanes.ts';
import { Scheduler } from './scheduling/scheduler.ts';

export interface DeliverySettings {
  readonly policy: Policy;
  readonly lanes: LaneSettings;
  /** Milliseconds between two readings of the pages of a destination. */
  readonly readEveryMs: number;
  /** The maximum memory for alerts without waiting pages, estimated. */
  readonly idleBytes: number;
  /** The maximum memory for alerts with waiting pages, estimated; floods may double it. */
  readonly waitingBytes: number;
}

/** The dependencies that differ between the service and its tests. */
export interface Dependencies {
  readonly destination: DestinationClient;
  readonly writer: LedgerWriter;
  readonly reporter: ConnectionReporter;
  readonly texts: PageTexts;
  readonly lease: Pick<Lease, 'mayWrite' | 'mayCall'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly random: () => number;
}

/** Creates the parts of page-delivery. */
export function deliveryParts(settings: DeliverySettings, dependencies: Dependencies) {
  const { destination, writer, reporter, texts, lease, clock, log, metrics, random } = dependencies;
  const { policy, idleBytes, waitingBytes } = settings;
  const connections = new Connections();
  const operatorLog = new OperatorLog(log);
  const credentials = new CredentialReports(destination, reporter, connections, operatorLog, clock, log);
  const terms: Terms = {
    ...policy,
    // A connection that was not read is not unknown: its pages wait.
    get connectionGraceMs() {
      return connections.mayLack() ? Number.POSITIVE_INFINITY : policy.connectionGraceMs;
    },
    connectionOf: (id) => connections.get(id),
  };
  const its = { connections, operatorLog, clock, log, metrics, random };
  const caller = new PageCaller({ ...its, destination, texts, lease, terms, backoff: settings.lanes.backoff });
  const lanes = new Lanes(settings.lanes, connections, credentials, clock);
  const scheduler = new Scheduler({ ...its, lanes, caller, credentials, policy });
  const ledger = new Ledger({ ...its, writer, lease, scheduler, texts, terms, idleBytes, waitingBytes });
  const reader = new PageReader({ ...its, ledger, destination, reporter, lease, everyMs: settings.readEveryMs });
  const drains = new Drains(connections, ledger, reporter, log, lease);
  const delivery = new Delivery({
    ...{ ledger, lanes, scheduler, operatorLog, credentials, drains, reader, clock, log },
  });
  return { connections, operatorLog, lanes, caller, scheduler, reader, ledger, delivery };
}

export type DeliveryParts = ReturnType<typeof deliveryParts>;
