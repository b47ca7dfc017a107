import { Injectable } from '@nestjs/common';
import { closedCounterOf, showGauge } from '@pagebridge/service';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import { type Counter, Histogram, Registry } from 'prom-client';
import { EpisodeTable } from '../episodes/episode-table.ts';

const results = ['published', 'unchanged', 'refused'] as const;

const answers = ['taken', 'not-understood', 'unauthorized', 'shed', 'held-too-long', 'failed'] as const;
/** How a request was answered. If it is shed, nothing of it was taken, and its sender comes again. */
export type Answer = (typeof answers)[number];

/** Counts what became of alerts, and shows what is held. */
@Injectable()
export class IntakeMetrics {
  private readonly alerts: Counter<'kind' | 'result'>;
  private readonly withoutHandle: Counter<'kind'>;
  private readonly requests: Counter<'kind' | 'answer'>;
  private readonly duration: Histogram;
  private held = 0;

  constructor(registry: Registry, episodes: EpisodeTable) {
    const help =
      'Alerts in requests: published, unchanged since their last event, or refused because they cannot be read.';
    const kind = integrationKinds;
    this.alerts = closedCounterOf(registry, 'pagebridge_intake_alerts_total', help, { kind, result: results });
    const nobody = 'Published alerts that page nobody, because neither the alert nor its integration has a handle.';
    this.withoutHandle = closedCounterOf(registry, 'pagebridge_intake_alerts_without_handle_total', nobody, { kind });
    const byAnswer =
      'Requests by answer: `taken`, or why not. `shed`: too many at the same time, or not ready; the sender retries.';
    this.requests = closedCounterOf(registry, 'pagebridge_intake_requests_total', byAnswer, { kind, answer: answers });
    this.duration = new Histogram({
      name: 'pagebridge_intake_hold_seconds',
      help: 'Seconds for which requests waited for Kafka.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
      registers: [registry],
    });
    showGauge(registry, 'pagebridge_intake_held_requests', 'Requests that wait for Kafka.', () => this.held);
    showGauge(
      registry,
      'pagebridge_intake_known_alerts',
      'Alerts in the memory of this instance.',
      () => episodes.size,
    );
  }

  took(
    kind: IntegrationKind,
    { withoutHandle, ...numbers }: Readonly<Record<(typeof results)[number] | 'withoutHandle', number>>,
  ): void {
    this.withoutHandle.inc({ kind }, withoutHandle);
    for (const result of results) this.alerts.inc({ kind, result }, numbers[result]);
  }

  answered(kind: IntegrationKind, answer: Answer): void {
    this.requests.inc({ kind, answer });
  }

  /** Returns what ends the wait of a request. */
  holds(): () => void {
    this.held += 1;
    const end = this.duration.startTimer();
    return () => {
      this.held -= 1;
      end();
    };
  }
}
