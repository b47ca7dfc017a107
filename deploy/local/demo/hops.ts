import { Alerts, PageCommands, PageOutcomes, PageStates, UnroutedHandles } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { handleOf } from '@pagebridge/vocabulary';
import type { Driver } from '../stack/driver.ts';
import type { SandboxPage } from '../stack/sandbox.ts';
import type { Destination } from '../stack/stack-info.ts';
import { type Hop, placeOf } from './timeline.ts';

const hopOf = (who: string, record: Parameters<typeof placeOf>[0], what: string): Hop => ({
  at: record.timestamp,
  who,
  where: placeOf(record),
  what,
});

/** The time limit of a hop, which covers a slow machine; a slower hop counts as failed. */
const patience = { withinMs: 20_000 };

/** Returns the hop of the alert on its topic. */
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

/** The page to follow; `tell` receives each hop as soon as it is known. */
export interface Followed {
  readonly alertKey: string;
  readonly destination: Destination;
  readonly teamHandle: string;
  readonly tell: (hop: Hop) => void;
}

/** Follows one page of an alert from the router's command to the paged destination. */
export async function followPage(driver: Driver, followed: Followed): Promise<SandboxPage> {
  const { destination, tell } = followed;
  const pageId = await followCommand(driver, followed);
  const page = await waitFor(
    `page ${pageId} in ${destination.org}`,
    async () => (await driver.sandbox(destination).pages()).find(({ tags }) => tags.includes(`page-id:${pageId}`)),
    patience,
  );
  tell({
    at: Date.parse(page.createdAt),
    who: destination.org,
    where: `page ${page.id}`,
    what: `${page.status}: ${page.urgency} page for ${page.team?.handle}, "${page.title}"`,
  });
  const outcome = await driver.watch.waitForEvent(
    PageOutcomes,
    `the delivery of page ${pageId}`,
    (it) => it.pageId === pageId && it.outcome === 'delivered',
    patience,
  );
  const { attempts, possibleDuplicate } = outcome.event.data;
  const inAttempts = `delivered in ${attempts} attempt${attempts === 1 ? '' : 's'}`;
  tell(hopOf('page-delivery', outcome.record, possibleDuplicate ? `${inAttempts}, possibly twice` : inAttempts));
  return page;
}

/** Follows the router's command into delivery's ledger; returns the page id. */
export async function followCommand(
  driver: Driver,
  { alertKey, teamHandle, tell }: Pick<Followed, 'alertKey' | 'teamHandle' | 'tell'>,
): Promise<string> {
  const handle = handleOf(teamHandle);
  const command = await driver.watch.waitForEvent(
    PageCommands,
    `a page command for ${handle}`,
    (it) => it.kind === 'page' && it.alertKey === alertKey && it.teamHandle === teamHandle,
    patience,
  );
  if (command.event.data.kind !== 'page') throw new Error('not a page command');
  const { pageId, urgency } = command.event.data;
  tell(hopOf('page-routing', command.record, `page ${pageId} to ${handle}, urgency ${urgency}`));
  const state = await driver.watch.waitForEvent(
    PageStates,
    `page ${pageId} in delivery's ledger`,
    (it) => it.pages.some((page) => page.pageId === pageId),
    patience,
  );
  const status = state.event.data.pages.find((page) => page.pageId === pageId)?.status ?? '';
  tell(hopOf('page-delivery', state.record, status));
  return pageId;
}

export interface Unrouted {
  readonly hop: Hop;
  readonly reason: string;
  readonly detail: string;
  /** Empty if there is no similar handle. */
  readonly nearest: string;
}

/** Waits for the record that states why a handle became no page. */
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
