import { randomUUID } from 'node:crypto';
import type { Alert } from '@pagebridge/contracts';
import type { Driver } from '../stack/driver.ts';
import type { Stack } from '../stack/stack.ts';
import type { Destination } from '../stack/stack-info.ts';
import { alertHop } from './hops.ts';
import type { Timeline } from './timeline.ts';

export const sourceOrg = 'acme-us';

/** The time limit of a step, which covers a slow machine; a slower step counts as failed. */
export const patience = { withinMs: 20_000 };

/** The services as processes, which a step can kill and start. */
export type Services = Pick<Stack, 'service' | 'startService'>;

/** The services, the clients and the output of a step of the story. */
export interface Stage {
  readonly driver: Driver;
  /** The processes of the services, to kill and start. */
  readonly services: Services;
  readonly timeline: Timeline;
  readonly globex: Destination;
  readonly initech: Destination;
}

/** Throws the expectation and the actual value unless it holds. */
export function expectThat(what: string, holds: boolean, seen: unknown): void {
  if (!holds) throw new Error(`expected ${what}, but got ${JSON.stringify(seen)}`);
}

/** Returns an alert of a monitor of the source org with these fields. */
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

/** Publishes an alert and prints its hop. */
export async function send({ driver, timeline }: Stage, alert: Alert): Promise<void> {
  const id = randomUUID();
  await driver.publishAlert(alert, id);
  timeline.hops([await alertHop(driver, alert.alertKey, id)]);
}
