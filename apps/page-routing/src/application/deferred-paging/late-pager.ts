import type { Alert, Event } from '@pagebridge/contracts';
import { plainName } from '@pagebridge/handle-registry';
import { alertIdentity } from '@pagebridge/vocabulary';
import { isSettledBy } from '../../domain/deferred-paging/history.ts';
import { latePages } from '../../domain/deferred-paging/late-pages.ts';
import type { WaitingHandle } from '../../domain/deferred-paging/waiting-handles.ts';
import type { Decided } from '../ports.ts';
import type { LatePartition } from './late-partition.ts';
import type { DeferredPagingParts } from './ports.ts';

export const retryMs = 500;
// Other instances wrote the records that are read here, and their clocks may differ.
export const clockMarginMs = 60_000;
// An alert may have half a megabyte, and each of its pages a quarter of that.
const maxAlertsPerBatch = 20;
const maxPagesPerBatch = 100;

/** Pages the due handles of a partition in batches. */
export class LatePager {
  #isPaging = false;

  constructor(
    private readonly owned: LatePartition,
    private readonly parts: DeferredPagingParts,
  ) {}

  /** Pages until no handle is due. A handle that became known in time stays due until its page is written, however long that takes. */
  async page(): Promise<void> {
    if (this.#isPaging) return;
    const { clock, notices } = this.parts;
    this.#isPaging = true;
    while (this.owned.waiting.due.size > 0 && !this.owned.ended.aborted) {
      try {
        await this.#pageBatch();
      } catch (error) {
        if (this.owned.ended.aborted) break;
        notices.delayed('late pages', error);
        // `sleep` rejects when this instance loses the partition; the next owner finds the waiting handles in Kafka.
        await clock.sleep(retryMs, this.owned.ended).catch(() => undefined);
      }
    }
    this.#isPaging = false;
  }

  async #pageBatch(): Promise<void> {
    const batch = batchOf(Map.groupBy(this.owned.waiting.due, ({ offset }) => offset));
    // Only the handles of this batch are checked; those that become due meanwhile are in a later batch.
    await this.#prove([...batch.values()].flat());
    const alerts = await this.parts.history.alerts(this.owned, batch.keys());
    await this.owned.runExclusive(() => this.#page(batch, alerts));
  }

  /** Drops handles that a former owner paged, or whose alert recovered under a former owner or in another topic. */
  async #prove(handles: readonly WaitingHandle[]): Promise<void> {
    const { unproven: inherited, ownedAtMs } = this.owned;
    const unproven = handles.filter((handle) => inherited.has(handle) || this.parts.ownsTopic(handle.sourceOrg));
    if (unproven.length === 0) return;
    const since = unproven.map((handle) =>
      inherited.has(handle) ? Math.min(ownedAtMs, handle.sinceMs) : handle.sinceMs,
    );
    const sinceMs = Math.min(...since) - clockMarginMs;
    const identities = new Set(unproven.map(({ sourceOrg, alertKey }) => alertIdentity(sourceOrg, alertKey)));
    // The commands are not kept in memory: a few minutes may have very many, each with its text.
    await this.parts.history.commands(this.owned.partition, sinceMs, identities, (command) => {
      for (const handle of unproven) if (isSettledBy(handle, command)) this.owned.waiting.delete(handle);
    });
    for (const handle of unproven) inherited.delete(handle);
  }

  async #page(batch: ReadonlyMap<number, readonly WaitingHandle[]>, alerts: ReadonlyMap<number, Event<Alert>>) {
    // The caller retries: this instance soon becomes a member again, or loses the partition.
    if (!this.parts.isMember(this.owned.topic)) throw new Error('the instance is not in the consumer group now');
    const decided: Decided[] = [];
    const paged: WaitingHandle[] = [];
    for (const [offset, handles] of batch) {
      const still = handles.filter((handle) => this.owned.waiting.has(handle));
      const decisions = this.#decide(still, alerts.get(offset));
      const known = new Set(decisions.map(({ mention }) => plainName(mention)));
      for (const handle of still) {
        if (known.has(handle.name)) paged.push(handle);
        else this.owned.waiting.putBack(handle);
      }
      const event = alerts.get(offset);
      if (event && decisions.length > 0) decided.push({ event, offset, decisions });
    }
    const unwritable = await this.parts.publisher.publish({ decided, requests: [] }, this.owned.ended);
    this.#finish(paged, new Map(unwritable.map(({ offset, detail }) => [offset, detail])));
    const pages = decided.flatMap(({ decisions }) => decisions.filter(({ kind }) => kind === 'page'));
    this.parts.meter.latePages(pages.length);
  }

  #decide(handles: readonly WaitingHandle[], event: Event<Alert> | undefined) {
    const [first] = handles;
    if (!first) return [];
    if (event?.id !== first.alertEventId) {
      for (const handle of handles) this.giveUp(handle, 'The alert of the handle can no longer be read.');
      return [];
    }
    try {
      const names = new Set(handles.map(({ name }) => name));
      return latePages(event, names, this.parts.registry, this.parts.clock.now());
    } catch (error) {
      // A bug. A retry would fail too, and block all other handles.
      for (const handle of handles) this.giveUp(handle, String(error));
      return [];
    }
  }

  #finish(paged: readonly WaitingHandle[], unwritable: ReadonlyMap<number, string>): void {
    for (const handle of paged) {
      const detail = unwritable.get(handle.offset);
      if (detail !== undefined) this.giveUp(handle, detail);
      else this.parts.notices.paged(handle);
      this.owned.waiting.delete(handle);
    }
  }

  /** Drops a handle that pages nobody. Its record in Kafka still has the position of its alert. */
  giveUp(handle: WaitingHandle, detail: string): void {
    this.owned.waiting.delete(handle);
    this.parts.meter.givenUp(1);
    this.parts.notices.givenUp(handle, detail);
  }
}

/** Returns the first alerts with their handles, within the limits, but at least one alert. */
function batchOf<Handles extends readonly unknown[]>(byAlert: ReadonlyMap<number, Handles>): Map<number, Handles> {
  const batch = new Map<number, Handles>();
  let pages = 0;
  for (const [offset, handles] of byAlert) {
    pages += handles.length;
    if (batch.size > 0 && (batch.size === maxAlertsPerBatch || pages > maxPagesPerBatch)) break;
    batch.set(offset, handles);
  }
  return batch;
}
