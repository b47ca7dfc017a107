import { type Command, isLater, type UnroutedHandle } from '@pagebridge/contracts';
import { mentionsIn } from '@pagebridge/vocabulary';
import { firedAt, triggerOf, type WaitingHandle } from './waiting-handles.ts';

/** A record of page-routing with its timestamp, in milliseconds since the epoch. */
export interface Written<Data> {
  readonly data: Data;
  readonly writtenAtMs: number;
}

/** Returns the waiting handle of an unrouted record, if its alert is in a partition with this number; otherwise undefined. */
export function waitingIn(
  { data, writtenAtMs }: Written<UnroutedHandle>,
  partition: number,
): WaitingHandle | undefined {
  const { sourceOrg, alertKey, alertEventId, occurredAt, alert, waitingUntil } = data;
  const [name] = mentionsIn(data.handle);
  if (alert?.partition !== partition || waitingUntil === undefined || name === undefined) return undefined;
  const times = {
    alertRecord: `${alert.topic}/${alert.partition}/${alert.offset}`,
    occurredAt,
    firedAtMs: firedAt(occurredAt, writtenAtMs),
    sinceMs: writtenAtMs,
    untilMs: Date.parse(waitingUntil),
  };
  return { sourceOrg, alertKey, alertEventId, name, offset: alert.offset, ...times };
}

/** Returns whether a command ends the wait of a handle: it paged the handle, or resolved its alert. */
export function isSettledBy(handle: WaitingHandle, { data, writtenAtMs }: Written<Command>): boolean {
  if (data.sourceOrg !== handle.sourceOrg || data.alertKey !== handle.alertKey) return false;
  if (data.kind === 'page') {
    // Some producers reuse an event id for the next firing.
    const isOfAlert = data.alertEventId === handle.alertEventId && data.occurredAt === handle.occurredAt;
    return isOfAlert && mentionsIn(data.handle)[0] === handle.name;
  }
  const recovery = { at: firedAt(data.occurredAt, writtenAtMs), record: data.alertRecord };
  if (isLater(recovery, triggerOf(handle))) return true;
  // If only their times order them, and are the same, the later command or unrouted record counts.
  return !isLater(triggerOf(handle), recovery) && writtenAtMs >= handle.sinceMs;
}
