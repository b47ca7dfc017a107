import type { Command, UnroutedHandle } from '@pagebridge/contracts';
import { mentionsIn } from '@pagebridge/vocabulary';
import { firedAt, type WaitingHandle } from './waiting-handles.ts';

/** A record of ours with when it was written, in milliseconds since the epoch. */
export interface Written<Data> {
  readonly data: Data;
  readonly writtenAtMs: number;
}

/** What a record left to wait in the partition of its number, in the topic of its alert; undefined where that is nothing. */
export function waitingIn(
  { data, writtenAtMs }: Written<UnroutedHandle>,
  partition: number,
): WaitingHandle | undefined {
  const { sourceOrg, alertKey, alertEventId, occurredAt, alert, waitingUntil } = data;
  const [name] = mentionsIn(data.handle);
  if (alert?.partition !== partition || waitingUntil === undefined || name === undefined) return undefined;
  const times = {
    occurredAt,
    firedAtMs: firedAt(occurredAt, writtenAtMs),
    sinceMs: writtenAtMs,
    untilMs: Date.parse(waitingUntil),
  };
  return { sourceOrg, alertKey, alertEventId, name, offset: alert.offset, ...times };
}

/** Is the wait over by a command that somebody wrote: has the handle paged, or its alert recovered? */
export function isSettledBy(handle: WaitingHandle, { data, writtenAtMs }: Written<Command>): boolean {
  if (data.sourceOrg !== handle.sourceOrg || data.alertKey !== handle.alertKey) return false;
  if (data.kind === 'page') {
    // Some producers give the next firing the same id.
    const isOfAlert = data.alertEventId === handle.alertEventId && data.occurredAt === handle.occurredAt;
    return isOfAlert && mentionsIn(data.handle)[0] === handle.name;
  }
  const since = firedAt(data.occurredAt, writtenAtMs) - handle.firedAtMs;
  // Of one moment, the later record counts.
  return since > 0 || (since === 0 && writtenAtMs >= handle.sinceMs);
}
