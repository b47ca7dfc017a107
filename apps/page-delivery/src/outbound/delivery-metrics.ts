import { Injectable } from '@nestjs/common';
import { outcomes, type PageOutcome } from '@pagebridge/contracts';
import { type CallKind } from '@pagebridge/page-lifecycle';
import { closedCounterOf, counterOf, mostLabels, showGauge, showGauges } from '@pagebridge/service';
import { type RetryReason, retryNames } from '@pagebridge/vocabulary';
import { type Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Ledger } from '../application/ledger/ledger.ts';
import type { CallResult, Metrics } from '../application/ports.ts';
import { PageReader } from '../application/reading-back/page-reader.ts';
import { Lanes } from '../application/scheduling/lanes.ts';

/** Counts pages and writes. The values of every label are from a fixed list. */
@Injectable()
export class DeliveryMetrics implements Metrics {
  private readonly outcomes: Counter<'outcome'>;
  private readonly failovers: Counter;
  private readonly attempts: Counter<'step' | 'result'>;
  private readonly writes: Counter<'result'>;
  private readonly forgottenAlerts: Counter;
  private readonly delay: Histogram;
  private readonly closed: Histogram;

  constructor(registry: Registry) {
    const ofOutcomes = { outcome: outcomes };
    this.outcomes = closedCounterOf(registry, 'pagebridge_page_outcomes_total', 'Outcomes of pages.', ofOutcomes);
    this.failovers = counterOf(
      registry,
      'pagebridge_page_failovers_total',
      'Pages that failed over: not accepted in time, so the backup was paged.',
    );
    this.attempts = closedCounterOf(
      registry,
      'pagebridge_page_attempts_total',
      'Calls to destinations, by step (create, resolve) and result.',
      { step: ['create', 'resolve'], result: ['created', 'resolved', 'refused', ...retryNames] },
    );
    this.writes = closedCounterOf(registry, 'pagebridge_ledger_writes_total', 'Writes to the ledger, by result.', {
      result: ['ok', 'refused'],
    });
    this.forgottenAlerts = counterOf(
      registry,
      'pagebridge_ledger_alerts_forgotten_total',
      'Idle alerts dropped before the end of their retention, because the org exceeded its share.',
    );
    this.delay = new Histogram({
      name: 'pagebridge_page_delivery_seconds',
      help: 'Seconds from the time of the alert until the destination accepted the page.',
      buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400],
      registers: [registry],
    });
    this.closed = new Histogram({
      name: 'pagebridge_closed_page_seconds',
      help: 'Seconds from the close of a page in its destination until page-delivery read it. Triggers join the page meanwhile.',
      buckets: [1, 5, 15, 30, 60, 120, 300, 900, 3600],
      registers: [registry],
    });
  }

  closedThere(seconds: number): void {
    this.closed.observe(seconds);
  }

  outcome(outcome: PageOutcome, occurredAt?: string): void {
    this.outcomes.inc({ outcome: outcome.outcome });
    if (outcome.outcome !== 'delivered' || !occurredAt) return;
    const seconds = (Date.parse(outcome.at) - Date.parse(occurredAt)) / 1000;
    if (Number.isFinite(seconds)) this.delay.observe(Math.max(0, seconds));
  }

  failedOver(): void {
    this.failovers.inc();
  }

  attempt(kind: CallKind, result: CallResult['kind'] | RetryReason): void {
    this.attempts.inc({ step: kind, result });
  }

  forgotten(alerts: number): void {
    this.forgottenAlerts.inc(alerts);
  }

  ledgerWrite(result: 'ok' | 'refused'): void {
    this.writes.inc({ result });
  }
}

/** Gauges that are computed at each scrape. */
@Injectable()
export class DeliveryGauges {
  constructor(registry: Registry, lanes: Lanes, ledger: Ledger, reader: PageReader) {
    const show = (name: string, help: string, read: () => number) =>
      showGauge(registry, `pagebridge_${name}`, help, read);
    new Gauge({
      name: 'pagebridge_waiting_since_timestamp_seconds',
      help: `Unix time since which the oldest page of a connection waits, by step (create, resolve), if that is more than a minute ago. At most the ${mostLabels} longest waits, creates first.`,
      labelNames: ['data_center', 'connection_id', 'step'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { connectionId: connection_id, callKind: step, since } of lanes
          .longestWaits(60_000)
          .slice(0, mostLabels)) {
          const data_center = lanes.of(connection_id).connection?.dataCenter ?? 'unknown';
          this.set({ data_center, connection_id, step }, since / 1000);
        }
      },
    });
    const refused = 'Connections with waiting pages whose credential is rejected.';
    show('refused_connections', refused, () => lanes.refused().length);
    const each = `1 for a connection with waiting pages whose credential is rejected. At most the ${mostLabels} that have been so for longest.`;
    showGauges(registry, 'pagebridge_refused_connection', each, 'connection_id', () =>
      Object.fromEntries(
        lanes
          .refused()
          .slice(0, mostLabels)
          .map((id) => [id, 1]),
      ),
    );
    show('ledger_alerts', 'Alerts in the ledger partitions of this instance.', () =>
      ledger.owned.reduce((sum, ledgerPartition) => sum + ledgerPartition.alerts.size, 0),
    );
    show('waiting_pages', 'Pages that wait for a call or for its answer.', () => ledger.waitingPages);
    const open = 'Open pages in the destinations, by whether a responder has acknowledged them.';
    showGauges(registry, 'pagebridge_pages_open', open, 'acknowledged', () => {
      const sumOf = (name: 'open' | 'acknowledged') =>
        ledger.owned.reduce((sum, { alerts }) => sum + alerts.openPages.total[name], 0);
      return { true: sumOf('acknowledged'), false: sumOf('open') - sumOf('acknowledged') };
    });
    show(
      'ack_poll_age_seconds',
      'Longest time in seconds since the open pages of a destination were read back.',
      () => reader.ageMs / 1000,
    );
    const jobs = 'Pages in lanes (queues to one connection), by state: ready, delayed, running.';
    showGauges(registry, 'pagebridge_lane_jobs', jobs, 'state', () => lanes.depth());
    const conditions = 'Lanes by condition: broken (five failures in a row), or open (no fault).';
    showGauges(registry, 'pagebridge_lanes', conditions, 'condition', () => lanes.conditions());
  }
}
