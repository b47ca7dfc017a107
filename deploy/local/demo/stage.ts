import { randomUUID } from 'node:crypto';
import type { Alert } from '@pagebridge/contracts';
import type { Driver } from '../stack/driver.ts';
import type { Stack } from '../stack/stack.ts';
import type { Destination } from '../stack/stack-info.ts';
import { alertHop } from './hops.ts';
import type { Timeline } from './timeline.ts';

export const sourceOrg = 'acme-us';

/** Long enough for a slow machine; a step that needs longer is told as failed. */
export const patience = { withinMs: 20_000 };

/** The services as processes: what kills one, and what starts it again. */
export type Services = Pick<Stack, 'service' | 'startService'>;

/** What a step of the story plays on. */
export interface Stage {
  readonly driver: Driver;
  /** What the story does to the services themselves. */
  readonly services: Services;
  readonly timeline: Timeline;
  readonly globex: Destination;
  readonly initech: Destination;
}

/** Throws what was expected and what was seen instead. */
export function expectThat(what: string, holds: boolean, seen: unknown): void {
  if (!holds) throw new Error(`expected ${what}; last seen: ${JSON.stringify(seen)}`);
}

/** An alert of the source org's monitors; a step names what matters to it. */
export const alertOf = (its: Pick<Alert, 'alertKey' | 'message'> & Partial<Alert>): Alert => ({
  sourceOrg,
  transition: 'triggered',
  origin: 'monitor',
  title: '[Triggered] High memory usage on backend services',
  priority: 'P1',
  tags: ['service:backend', 'env:prod'],
  links: [{ title: 'Monitor', url: 'https://monitors.acme.example/monitors/1234' }],
  occurredAt: new Date().toISOString(),
  ...its,
});

/** Publishes an alert and tells where it stands. */
export async function send({ driver, timeline }: Stage, alert: Alert): Promise<void> {
  const id = randomUUID();
  await driver.publishAlert(alert, id);
  timeline.hops([await alertHop(driver, alert.alertKey, id)]);
}
