import { Alerts, PageCommands, PageOutcomes, PageStates, UnroutedHandles } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { handleOf } from '@pagebridge/vocabulary';
import type { Driver } from '../driver.ts';
import type { SandboxPage } from '../sandbox.ts';
import type { Destination } from '../stack-info.ts';
import { type Hop, placeOf } from './timeline.ts';

const hopOf = (who: string, record: Parameters<typeof placeOf>[0], what: string): Hop => ({
  at: record.timestamp,
  who,
  where: placeOf(record),
  what,
});

/** Long enough for a slow machine; a hop that needs longer is told as failed. */
const patience = { withinMs: 20_000 };

/** The alert as it stands on its topic. */
export async function alertHop(driver: Driver, alertKey: string, id: string): Promise<Hop> {
  const seen = await waitFor(
    `alert ${id} on ${Alerts.card.topic}`,
    () => driver.watch.eventsOf(Alerts, (alert) => alert.alertKey === alertKey).find(({ event }) => event.id === id),
    patience,
  );
  const { transition, origin, message } = seen.event.data;
  const text = message.length > 88 ? `${message.slice(0, 87)}…` : message;
  return hopOf('alert producer', seen.record, `${transition}, by ${origin}: ${text}`);
}

export interface DeliveredPage {
  readonly hops: readonly Hop[];
  readonly page: SandboxPage;
  /** When the destination had the page, in milliseconds since the epoch. */
  readonly pagedAt: number;
}

/** Follows one page of an alert from the router's command to the destination that was paged. */
export async function followPage(
  driver: Driver,
  alertKey: string,
  destination: Destination,
  teamHandle: string,
): Promise<DeliveredPage> {
  const handle = handleOf(teamHandle);
  const command = await driver.watch.waitForEvent(
    PageCommands,
    `a page command for ${handle}`,
    (it) => it.kind === 'page' && it.alertKey === alertKey && it.teamHandle === teamHandle,
    patience,
  );
  const ordered = command.event.data.kind === 'page' ? command.event.data : undefined;
  const pageId = ordered?.pageId ?? '';
  const state = await driver.watch.waitForEvent(
    PageStates,
    `page ${pageId} in delivery's ledger`,
    (it) => it.pages.some((page) => page.pageId === pageId),
    patience,
  );
  const outcome = await driver.watch.waitForEvent(
    PageOutcomes,
    `the delivery of page ${pageId}`,
    (it) => it.pageId === pageId && it.outcome === 'delivered',
    patience,
  );
  const { attempts, destinationPageId = '', possibleDuplicate } = outcome.event.data;
  const page = await waitFor(
    `page ${destinationPageId} in ${destination.org}`,
    async () => (await driver.sandbox(destination).pages()).find(({ id }) => id === destinationPageId),
    patience,
  );
  const pagedAt = Date.parse(page.createdAt);
  return {
    page,
    pagedAt,
    hops: [
      hopOf('page-routing', command.record, `page ${pageId} to ${handle}, urgency ${ordered?.urgency}`),
      hopOf('page-delivery', state.record, `${state.event.data.pages.find((it) => it.pageId === pageId)?.status}`),
      {
        at: pagedAt,
        who: destination.org,
        where: `page ${page.id}`,
        what: `${page.status}: ${page.urgency} page for ${page.team?.handle}, "${page.title}"`,
      },
      hopOf(
        'page-delivery',
        outcome.record,
        `delivered in ${attempts} attempt${attempts === 1 ? '' : 's'}${possibleDuplicate ? ', possibly twice' : ''}`,
      ),
    ],
  };
}

export interface Unrouted {
  readonly hop: Hop;
  readonly reason: string;
  readonly detail: string;
  /** Empty where nothing is alike. */
  readonly nearest: string;
}

/** The record that says why a handle became no page. */
export async function unroutedHop(driver: Driver, alertKey: string): Promise<Unrouted> {
  const seen = await driver.watch.waitForEvent(
    UnroutedHandles,
    `an unrouted handle of ${alertKey}`,
    (it) => it.alertKey === alertKey,
    patience,
  );
  const { handle, reason, detail, nearest } = seen.event.data;
  const hop = hopOf('page-routing', seen.record, `${handle}: ${reason}`);
  return { hop, reason, detail, nearest: nearest?.handle ?? '' };
}
