import { Inject, Injectable } from '@nestjs/common';
import type { Alert, UnroutedHandle } from '@pagebridge/contracts';
import type { Routed } from '@pagebridge/handle-registry';
import { displayHandle, type Unknown } from '@pagebridge/routing';
import { LOG } from '@pagebridge/service';
import { handleOf, type Log, reasonOf } from '@pagebridge/vocabulary';
import type { LateNotices } from '../application/deferred-paging/ports.ts';
import type { RecordPosition, RoutingNotices } from '../application/ports.ts';
import type { WaitingHandle } from '../domain/deferred-paging/waiting-handles.ts';

const maxKeyBytes = 256;

/** Writes notices to the log, each with its alert, the reason and the cure. */
@Injectable()
export class RoutingLog implements RoutingNotices, LateNotices {
  constructor(@Inject(LOG) private readonly log: Pick<Log, 'info' | 'warn'>) {}

  unrouted({ sourceOrg, alertKey, alertEventId, handle, reason, detail }: UnroutedHandle): void {
    const { cure } = reasonOf(reason);
    const fields = { sourceOrg, alertKey, alertEventId, handle, reason, detail, cure };
    // A local handle is no fault: its org configured it.
    this.log[reason === 'local' ? 'info' : 'warn'](fields, 'handle unrouted');
  }

  fellBack({ sourceOrg, alertKey }: Alert, { name, nearest, gap }: Unknown, fallback: Routed): void {
    const reason = gap === undefined ? 'unknown-handle' : 'registry-incomplete';
    const { cause, cure } = reasonOf(reason);
    const fields = {
      ...{ sourceOrg, alertKey, handle: displayHandle(name), nearest: nearest?.handle },
      ...{ fallback: handleOf(fallback.name), connectionId: fallback.connection.connectionId },
      ...{ reason, detail: gap ?? cause, cure },
    };
    this.log.warn(fields, 'handle unknown; fallback paged');
  }

  paged(handle: WaitingHandle): void {
    this.log.info(fieldsOf(handle), 'deferred handle found; paged late');
  }

  givenUp(handle: WaitingHandle, detail: string): void {
    const reason = 'unknown-handle';
    const fields = { ...fieldsOf(handle), reason, detail, cure: reasonOf(reason).cure };
    this.log.warn(fields, 'deferred handle abandoned; nobody paged');
  }

  delayed(what: string, error: unknown): void {
    this.log.warn({ what, error }, 'deferred paging failed; retrying');
  }

  keyDiffers({ sourceOrg, alertKey }: Alert, key: Buffer | null, { topic, partition, offset }: RecordPosition): void {
    const fields = {
      ...{ sourceOrg, alertKey, key: key?.toString('utf8', 0, maxKeyBytes) ?? null, topic, partition, offset },
      reason: 'wrong-key',
      detail: 'Trigger and recovery may be read out of order.',
      cure: 'Use <sourceOrg>/<alertKey> as the record key.',
    };
    this.log.warn(fields, 'record key does not match the alert');
  }
}

const fieldsOf = ({ sourceOrg, alertKey, alertEventId, name, offset }: WaitingHandle) => ({
  ...{ sourceOrg, alertKey, alertEventId, handle: handleOf(name), offset },
});
