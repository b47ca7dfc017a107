import { Injectable } from '@nestjs/common';
import { type UnroutedReason, unroutedReasons } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { TableView } from '@pagebridge/kafka';
import { type Decision, type Failover, failoverResults } from '@pagebridge/routing';
import { closedCounterOf, counterOf, showGauge, showGauges } from '@pagebridge/service';
import { type Counter, Histogram, Registry } from 'prom-client';
import { DeferredPaging } from '../application/deferred-paging/deferred-paging.ts';
import type { LateMeter } from '../application/deferred-paging/ports.ts';
import { type AlertResult, alertResults, type RoutingMeter } from '../application/ports.ts';
import { OrgTopics } from './org-topics.ts';

const decisionKinds = ['page', 'same-page', 'unrouted', 'resolve'] as const satisfies readonly Decision['kind'][];

/** The counters of routing; the values of every label come from a closed list. */
@Injectable()
export class RoutingMetrics implements RoutingMeter, LateMeter {
  private readonly alertsTotal: Counter<'result'>;
  private readonly decisionsTotal: Counter<'kind'>;
  private readonly unroutedHandles: Counter<'reason'>;
  private readonly fallbackHandles: Counter;
  private readonly failoversTotal: Counter<'result'>;
  private readonly mismatchesTotal: Counter;
  private readonly latePagesTotal: Counter;
  private readonly givenUpTotal: Counter;
  private readonly batches: Histogram;

  constructor(registry: Registry) {
    const counter = (name: string, help: string) => counterOf(registry, `pagebridge_${name}`, help);
    const results = { result: alertResults };
    this.alertsTotal = closedCounterOf(registry, 'pagebridge_alerts_total', 'Processed alerts, by result.', results);
    const decisions = 'Decisions about handles and recoveries, by kind.';
    const kind = decisionKinds;
    this.decisionsTotal = closedCounterOf(registry, 'pagebridge_routing_decisions_total', decisions, { kind });
    const unrouted = 'Handles that paged nobody, by reason.';
    const reason = unroutedReasons;
    this.unroutedHandles = closedCounterOf(registry, 'pagebridge_unrouted_handles_total', unrouted, { reason });
    this.fallbackHandles = counter(
      'fallback_handles_total',
      'Unknown handles for which the fallback of the org was paged.',
    );
    const failovers = 'Pages over connections with a backup: whether the team of the backup was found, or why not.';
    const result = failoverResults;
    this.failoversTotal = closedCounterOf(registry, 'pagebridge_routed_failovers_total', failovers, { result });
    this.mismatchesTotal = counter('alert_key_mismatches_total', 'Alerts whose record key does not match the alert.');
    this.latePagesTotal = counter('late_pages_total', 'Late pages: their handle became known after the alert fired.');
    const givenUp = 'Waiting handles that were dropped, usually because too many handles of the org wait.';
    this.givenUpTotal = counter('waiting_handles_given_up_total', givenUp);
    this.batches = new Histogram({
      name: 'pagebridge_routing_batch_seconds',
      help: 'Seconds to route a batch of alerts, including the acknowledgement of all its records.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers: [registry],
    });
  }

  alerts(result: AlertResult, count: number): void {
    this.alertsTotal.inc({ result }, count);
  }

  decisions(kind: Decision['kind'], count: number): void {
    this.decisionsTotal.inc({ kind }, count);
  }

  unrouted(reason: UnroutedReason, count: number): void {
    this.unroutedHandles.inc({ reason }, count);
  }

  fallbacks(count: number): void {
    this.fallbackHandles.inc(count);
  }

  failovers(result: Failover['result'], count: number): void {
    this.failoversTotal.inc({ result }, count);
  }

  keyMismatches(count: number): void {
    this.mismatchesTotal.inc(count);
  }

  latePages(count: number): void {
    this.latePagesTotal.inc(count);
  }

  givenUp(count: number): void {
    this.givenUpTotal.inc(count);
  }

  batch(durationMs: number): void {
    this.batches.observe(durationMs / 1000);
  }
}

/** The sizes of the registry, and how far it is behind the tables, read at each scrape. */
@Injectable()
export class RegistryGauges {
  constructor(registry: Registry, handles: HandleRegistry, view: TableView) {
    const sizes = 'Source orgs, connections, handles and previous handles in the handle registry.';
    showGauges(registry, 'pagebridge_registry_size', sizes, 'of', () => ({ ...handles.sizes }));
    const lag = 'Table records that the handle registry has not read yet.';
    showGauge(registry, 'pagebridge_registry_lag_records', lag, () => view.lag());
  }
}

/** The number of topics of source orgs that are not read, counted at each scrape. */
@Injectable()
export class OrgTopicsGauge {
  constructor(registry: Registry, orgTopics: OrgTopics) {
    const help = 'Topics of source orgs that this instance does not read. `/health/ready` shows the cause.';
    showGauge(registry, 'pagebridge_org_topics_unread', help, () => orgTopics.unread);
  }
}

/** The number of waiting handles, read at each scrape. */
@Injectable()
export class LateGauge {
  constructor(registry: Registry, late: DeferredPaging) {
    const help = 'Unknown handles that wait. They page late if they become known in time.';
    showGauge(registry, 'pagebridge_waiting_handles', help, () => late.size);
  }
}
