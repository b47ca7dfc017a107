import { Inject, Injectable } from '@nestjs/common';
import type { Alert, UnroutedHandle } from '@pagebridge/contracts';
import type { Routed } from '@pagebridge/handle-registry';
import type { LogLimiter } from '@pagebridge/kafka';
import { displayHandle, type Unknown } from '@pagebridge/routing';
import { LOG, limiterOf } from '@pagebridge/service';
import { alertIdentity, handleOf, type Log } from '@pagebridge/vocabulary';
import type { LateNotices } from '../application/deferred-paging/ports.ts';
import type { RecordPosition, RoutingNotices } from '../application/ports.ts';
import type { WaitingHandle } from '../domain/deferred-paging/waiting-handles.ts';

const maxKeyBytes = 256;

/** Writes notices to the log, at most some of each kind a minute, and the number of those that it leaves out. */
@Injectable()
export class RoutingLog implements RoutingNotices, LateNotices {
  readonly #limiter: LogLimiter;

  constructor(@Inject(LOG) private readonly log: Pick<Log, 'info' | 'warn'>) {
    this.#limiter = limiterOf(log);
  }

  unrouted({ sourceOrg, alertKey, alertEventId, handle, reason, detail }: UnroutedHandle): void {
    if (!this.#limiter.admits(reason)) return;
    const fields = { alert: alertIdentity(sourceOrg, alertKey), alertEventId, handle, reason, detail };
    // A local handle is no fault: its org configured it.
    if (reason === 'local') this.log.info(fields, 'handle unrouted');
    else this.log.warn(fields, 'handle unrouted');
  }

  fellBack({ sourceOrg, alertKey }: Alert, { name, nearest, gap }: Unknown, fallback: Routed): void {
    if (!this.#limiter.admits('fallback')) return;
    const fields = {
      alert: alertIdentity(sourceOrg, alertKey),
      handle: displayHandle(name),
      nearest: nearest?.handle,
      fallback: handleOf(fallback.name),
      connectionId: fallback.connection.connectionId,
      detail:
        gap ??
        'No active connection has the handle. Correct the handle in the alert, or add on-call routing rules to its team.',
    };
    this.log.warn(fields, 'handle unknown; fallback paged');
  }

  paged(handle: WaitingHandle): void {
    if (this.#limiter.admits('late')) this.log.info(fieldsOf(handle), 'deferred handle found; paged late');
  }

  givenUp(handle: WaitingHandle, detail: string): void {
    if (!this.#limiter.admits('given-up')) return;
    this.log.warn({ ...fieldsOf(handle), detail }, 'deferred handle abandoned; nobody paged');
  }

  delayed(what: string, error: unknown): void {
    if (!this.#limiter.admits('delayed')) return;
    this.log.warn(
      { what, error: error instanceof Error ? error.message : String(error) },
      'deferred paging failed; retrying',
    );
  }

  keyDiffers({ sourceOrg, alertKey }: Alert, key: Buffer | null, { topic, partition, offset }: RecordPosition): void {
    if (!this.#limiter.admits('key')) return;
    const fields = {
      alert: alertIdentity(sourceOrg, alertKey),
      key: key?.toString('utf8', 0, maxKeyBytes) ?? null,
      topic,
      partition,
      offset,
      detail: 'Trigger and recovery may be read out of order. Use <sourceOrg>/<alertKey> as the record key.',
    };
    this.log.warn(fields, 'record key does not match the alert');
  }
}

const fieldsOf = ({ sourceOrg, alertKey, alertEventId, name, offset }: WaitingHandle) => ({
  alert: alertIdentity(sourceOrg, alertKey),
  alertEventId,
  handle: handleOf(name),
  offset,
});
