import type { Alert } from '@pagebridge/contracts';
import type { Refused } from '@pagebridge/routing';
import { mentionsOf } from '@pagebridge/vocabulary';

const minute = 60_000;

/**
 * Returns why an alert is too old to page anyone; undefined if it is not.
 *
 * The age is that of the record or that of `occurredAt`, whichever is less, so that an alert pages even if the clock of its
 * source is wrong or its record was written late; a replay has the age of its new record. A time in the future counts as
 * now, and so does an unreadable one. A recovery is never too old, and neither is an alert without handles.
 */
export function tooOld(alert: Alert, writtenAtMs: number, now: Date, maxAgeMs: number): Refused | undefined {
  const nowMs = now.getTime();
  // Nearly every alert was written just now, and ends here.
  if (nowMs - writtenAtMs <= maxAgeMs) return undefined;
  const ageMs = nowMs - Math.max(writtenAtMs, Date.parse(alert.occurredAt));
  const isOld = ageMs > maxAgeMs;
  if (!isOld || alert.transition === 'recovered' || mentionsOf(alert).length === 0) return undefined;
  const age = Math.floor(ageMs / minute);
  const detail = `The alert was ${age} minutes old when it was read; the maximum is ${maxAgeMs / minute} minutes. Replay it if its pages are still needed.`;
  return { ok: false, reason: 'too-old', detail };
}
