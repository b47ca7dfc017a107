import type { Alert, Event } from '@pagebridge/contracts';
import { plainName } from '@pagebridge/handle-registry';
import { alertIdentity } from '@pagebridge/vocabulary';
import { isSettledBy } from '../../domain/late-binding/history.ts';
import { latePages } from '../../domain/late-binding/late-pages.ts';
import type { WaitingHandle } from '../../domain/late-binding/waiting-handles.ts';
import type { Decided } from '../ports.ts';
import type { LatePartition } from './late-partition.ts';
import type { LateBindingParts } from './ports.ts';

export const retryMs = 500;
// Instances write what is read here, each by its own clock.
export const clockMarginMs = 60_000;
// An alert may hold half a megabyte, and each of its pages a quarter of that.
const mostAlertsAtOnce = 20;
const mostPagesAtOnce = 100;

/** Pages the handles of a partition that are due, some alerts at a time. */
export class LatePager {
  #isPaging = false;

  constructor(
    private readonly of: LatePartition,
    private readonly its: LateBindingParts,
  ) {}

  /** Pages until nothing is due. A handle stays due until its page is written: it became known in time, however long Kafka takes. */
  async page(): Promise<void> {
    if (this.#isPaging) return;
    const { clock, notices } = this.its;
    this.#isPaging = true;
    while (this.of.waiting.due.size > 0 && !this.of.ended.aborted) {
      try {
        await this.#pageSome();
      } catch (error) {
        if (this.of.ended.aborted) break;
        notices.delayed('late pages', error);
        // It rejects when the partition is another's, who finds in Kafka what waits.
        await clock.sleep(retryMs, this.of.ended).catch(() => undefined);
      }
    }
    this.#isPaging = false;
  }

  async #pageSome(): Promise<void> {
    const some = someOf(Map.groupBy(this.of.waiting.due, ({ offset }) => offset));
    // What becomes due meanwhile is not proven.
    await this.#prove([...some.values()].flat());
    const alerts = await this.its.history.alerts(this.of, some.keys());
    await this.of.inTurn(() => this.#page(some, alerts));
  }

  /** Drops what a former owner has paged already, or whose alert recovered before this one was told, or in another topic. */
  async #prove(handles: readonly WaitingHandle[]): Promise<void> {
    const { unproven: inherited, ownedAtMs } = this.of;
    const unproven = handles.filter((handle) => inherited.has(handle) || this.its.ownsTopic(handle.sourceOrg));
    if (unproven.length === 0) return;
    const since = unproven.map((handle) =>
      inherited.has(handle) ? Math.min(ownedAtMs, handle.sinceMs) : handle.sinceMs,
    );
    const sinceMs = Math.min(...since) - clockMarginMs;
    const identities = new Set(unproven.map(({ sourceOrg, alertKey }) => alertIdentity(sourceOrg, alertKey)));
    // They are not kept: those of some minutes may be very many, with all their text.
    await this.its.history.commands(this.of.partition, sinceMs, identities, (command) => {
      for (const handle of unproven) if (isSettledBy(handle, command)) this.of.waiting.delete(handle);
    });
    for (const handle of unproven) inherited.delete(handle);
  }

  async #page(some: ReadonlyMap<number, readonly WaitingHandle[]>, alerts: ReadonlyMap<number, Event<Alert>>) {
    // Thrown, so that it is tried again: either it is a member soon, or the partition is taken away.
    if (!this.its.isMember(this.of.topic)) throw new Error('not a member of the group for now');
    const decided: Decided[] = [];
    const paged: WaitingHandle[] = [];
    for (const [offset, handles] of some) {
      const still = handles.filter((handle) => this.of.waiting.has(handle));
      const decisions = this.#decide(still, alerts.get(offset));
      const known = new Set(decisions.map(({ mention }) => plainName(mention)));
      for (const handle of still) {
        if (known.has(handle.name)) paged.push(handle);
        else this.of.waiting.putBack(handle);
      }
      const event = alerts.get(offset);
      if (event && decisions.length > 0) decided.push({ event, offset, decisions });
    }
    const unwritable = await this.its.publisher.publish({ decided, requests: [] }, this.of.ended);
    this.#told(paged, new Map(unwritable.map(({ offset, detail }) => [offset, detail])));
    const pages = decided.flatMap(({ decisions }) => decisions.filter(({ kind }) => kind === 'page'));
    this.its.meter.latePages(pages.length);
  }

  #decide(handles: readonly WaitingHandle[], event: Event<Alert> | undefined) {
    const [first] = handles;
    if (!first) return [];
    if (event?.id !== first.alertEventId) {
      for (const handle of handles) this.giveUp(handle, 'Its alert cannot be read any more.');
      return [];
    }
    try {
      const names = new Set(handles.map(({ name }) => name));
      return latePages(event, names, this.its.registry, this.its.clock.now());
    } catch (error) {
      // A bug, which the next try would meet again, and all others would wait behind it.
      for (const handle of handles) this.giveUp(handle, String(error));
      return [];
    }
  }

  #told(paged: readonly WaitingHandle[], unwritable: ReadonlyMap<number, string>): void {
    for (const handle of paged) {
      const detail = unwritable.get(handle.offset);
      if (detail !== undefined) this.giveUp(handle, detail);
      else this.its.notices.paged(handle);
      this.of.waiting.delete(handle);
    }
  }

  /** It pages nobody. Its record says that it is unrouted, and where its alert stands. */
  giveUp(handle: WaitingHandle, detail: string): void {
    this.of.waiting.delete(handle);
    this.its.meter.givenUp(1);
    this.its.notices.givenUp(handle, detail);
  }
}

/** Some alerts with their handles, at least one of them. */
function someOf<Handles extends readonly unknown[]>(byAlert: ReadonlyMap<number, Handles>): Map<number, Handles> {
  const some = new Map<number, Handles>();
  let pages = 0;
  for (const [offset, handles] of byAlert) {
    pages += handles.length;
    if (some.size > 0 && (some.size === mostAlertsAtOnce || pages > mostPagesAtOnce)) break;
    some.set(offset, handles);
  }
  return some;
}
