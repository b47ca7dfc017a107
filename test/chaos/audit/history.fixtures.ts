import {
  type Alert,
  type AlertState,
  Alerts,
  handleKey,
  type OutcomeKind,
  type PageCommand,
  type PageOutcome,
  type PageState,
  type UnroutedHandle,
} from '@pagebridge/contracts';
import { aConnection, aHandle, anAlert } from '@pagebridge/testing';
import { alertIdentity, handleOf, urgencyOf } from '@pagebridge/vocabulary';
import { type DestinationPage, type Entry, emptyHistory, type History } from './history.ts';

const start = Date.parse('2026-06-01T00:00:00.000Z');
const sourceOrg = 'acme-us';
export const connectionId = '00000000-0000-4000-8000-00000000000a';

/** An alert, with its event id and its record. */
export interface Published {
  readonly eventId: string;
  readonly alert: Alert;
  readonly alertRecord: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Builds the history that services leave if they keep every promise; a spec then breaks it. */
export class HistoryBuilder {
  readonly history: Mutable<History> = Object.fromEntries(
    Object.keys(emptyHistory).map((name) => [name, [] as unknown[]]),
  ) as unknown as Mutable<History>;
  #tick = 0;
  #offset = 0;

  /** Records the connection; undefined deletes it. */
  connection(its: { readonly enabled: boolean } | undefined): void {
    const data = its && aConnection({ connectionId, sourceOrg, ...its });
    this.history.connections.push({ key: connectionId, timestamp: this.#time(), ...(data ? { data } : {}) });
  }

  /** Adds or changes a team in the registry. */
  team(teamId: string, teamHandle = teamId): void {
    const data = aHandle({ teamId, teamHandle });
    if (this.history.teams.every(({ id }) => id !== teamId)) this.history.teams.push({ id: teamId, isOnCall: true });
    this.history.handles.push({ key: handleKey(data.directory, teamId), timestamp: this.#time(), data });
  }

  /** Removes a team from the registry; `wasDeleted` tells whether its destination deleted it. */
  forgotten(teamId: string, wasDeleted: boolean): void {
    const { directory } = aHandle({ teamId });
    this.history.handles.push({ key: handleKey(directory, teamId), timestamp: this.#time() });
    if (wasDeleted) this.history.teams = this.history.teams.filter(({ id }) => id !== teamId);
  }

  /** Adds an unrouted handle. */
  unrouted({ eventId, alert }: Published, handle: string, its: Partial<UnroutedHandle> = {}): void {
    const { alertKey, title, occurredAt } = alert;
    const defaults = { reason: 'unknown-handle', detail: 'Nobody knows it.' } as const;
    const data = { sourceOrg, alertKey, alertEventId: eventId, title, occurredAt, handle, ...defaults, ...its };
    this.history.unrouted.push(this.#entry(alertIdentity(sourceOrg, alertKey), `${eventId}/${handle}`, data));
  }

  /** Adds an unrouted handle that pages late if it becomes known within the hour. */
  waits(published: Published, handle: string): void {
    const [topic = '', partition, offset] = published.alertRecord.split('/');
    const alert = { topic, partition: Number(partition), offset: Number(offset) };
    this.unrouted(published, handle, { waitingUntil: new Date(start + 3_600_000).toISOString(), alert });
  }

  /** Adds an acknowledged alert. */
  alert(alertKey: string, its: Partial<Alert> = {}): Published {
    this.#tick += 1;
    const eventId = `event-${this.#tick}`;
    const alert = anAlert({ sourceOrg, alertKey, occurredAt: this.#now(), message: '', ...its });
    const key = alertIdentity(sourceOrg, alertKey);
    this.history.sent.push({ eventId, key, digest: eventId, acknowledged: true, alert });
    const entry = this.#entry(key, eventId, alert);
    this.history.alerts.push(entry);
    return { eventId, alert, alertRecord: `${Alerts.card.topic}/${entry.partition}/${entry.offset}` };
  }

  /** Adds the command that pages a team for an alert, and returns it. */
  command({ eventId, alert, alertRecord }: Published, team = 'core', its: Partial<PageCommand> = {}): PageCommand {
    const { alertKey, transition, occurredAt, title, message: description } = alert;
    const data: PageCommand = {
      kind: 'page',
      pageId: `page-${eventId}-${team}`,
      sourceOrg,
      alertKey,
      alertEventId: eventId,
      transition: transition as PageCommand['transition'],
      occurredAt,
      connectionId,
      teamId: team,
      teamHandle: team,
      handle: handleOf(team),
      matched: 'exact',
      urgency: urgencyOf(transition),
      title,
      description,
      tags: [],
      links: [],
      ...(its.tags?.includes('late') ? {} : { alertRecord }),
      ...its,
    };
    this.history.commands.push(this.#entry(alertIdentity(sourceOrg, alertKey), data.pageId, data));
    return data;
  }

  resolve({ eventId, alert, alertRecord }: Published): void {
    const { alertKey, occurredAt } = alert;
    const data = { kind: 'resolve' as const, sourceOrg, alertKey, alertEventId: eventId, occurredAt, alertRecord };
    this.history.commands.push(this.#entry(alertIdentity(sourceOrg, alertKey), `resolve-${eventId}`, data));
  }

  outcome(command: PageCommand, outcome: OutcomeKind, its: Partial<PageOutcome> = {}): void {
    const { alertKey, alertEventId, pageId, teamHandle, failoverOf } = command;
    const at = this.#now();
    const data: PageOutcome = {
      ...{ sourceOrg, alertKey, alertEventId, pageId, connectionId, teamHandle },
      ...{ outcome, at, attempts: 1, possibleDuplicate: false, ...its },
      ...(failoverOf ? { failoverOf } : {}),
    };
    this.history.outcomes.push(this.#entry(alertIdentity(sourceOrg, alertKey), `${pageId}/${outcome}`, data));
  }

  /** Adds a page to the destination, with its outcome unless `silent`. */
  page(command: PageCommand, its: Partial<DestinationPage> & { silent?: boolean } = {}): DestinationPage {
    this.#tick += 1;
    const { silent = false, ...own } = its;
    const { pageId } = command;
    const createdAt = start + this.#tick;
    const page = { org: 'd01', id: `d-${this.#tick}`, pageId, tagged: false, resolved: false, createdAt, ...own };
    this.history.pages.push(page);
    if (!silent) this.outcome(command, 'delivered', { destinationPageId: page.id, possibleDuplicate: page.tagged });
    return page;
  }

  /** Resolves the page in the destination. */
  resolved(page: DestinationPage): void {
    this.history.pages = this.history.pages.map((it) => (it.id === page.id ? { ...it, resolved: true } : it));
  }

  /** Lets a responder close the page. */
  closedThere(page: DestinationPage): void {
    const closedThereAt = this.#time();
    this.history.pages = this.history.pages.map((it) =>
      it.id === page.id ? { ...it, resolved: true, closedThereAt } : it,
    );
  }

  /** Answers polls of these instances, one after the other. */
  polled(...readers: readonly string[]): void {
    for (const reader of readers)
      this.history.polls.push({ org: 'd01', reader, from: this.#time(), until: this.#time() });
  }

  /** Adds to the ledger the backup that page-delivery raises for a page. */
  backup(command: PageCommand): PageCommand {
    const { pageId, connectionId: from, teamId, teamHandle } = command;
    const failoverOf = { pageId, connectionId: from, teamId, teamHandle };
    const team = {
      connectionId: '00000000-0000-4000-8000-00000000000b',
      teamId: 'operations',
      teamHandle: 'operations',
    };
    const data = { ...command, ...team, pageId: `backup-of-${pageId}`, failoverOf };
    this.state(data, { ...team, failoverOf, status: 'pending' });
    return data;
  }

  /** Adds a ledger record of a page. */
  state(command: PageCommand, page: Partial<PageState>, ownerEpoch = 1): void {
    const { alertKey, pageId } = command;
    const data = { sourceOrg, alertKey, ownerEpoch, pages: [{ pageId, joined: [], ...page }] } as unknown as AlertState;
    this.history.states.push(this.#entry(alertIdentity(sourceOrg, alertKey), 'state', data));
  }

  #now(): string {
    return new Date(this.#time()).toISOString();
  }

  #time(): number {
    this.#tick += 1;
    return start + this.#tick;
  }

  #entry<Data>(key: string, eventId: string, data: Data): Entry<Data> {
    this.#tick += 1;
    this.#offset += 1;
    return { partition: 0, offset: this.#offset, timestamp: start + this.#tick, key, eventId, digest: eventId, data };
  }
}
