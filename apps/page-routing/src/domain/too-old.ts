import type { Alert } from '@pagebridge/contracts';
import type { Refused } from './decision.ts';
import { mentionsOf } from './mentions.ts';

const minute = 60_000;

/**
 * Why an alert is too old to page anyone; undefined where it is not.
 *
 * It is as old as its record, or as what it tells of, whichever is younger: neither a source whose clock is wrong nor one
 * that writes late keeps an alert from paging, and a replay is as old as its replay. A time to come, or one that cannot be
 * read, is now. A recovery is never too old, nor is what names no handle and so pages nobody.
 */
export function tooOld(alert: Alert, writtenAtMs: number, now: Date, maxAgeMs: number): Refused | undefined {
  const nowMs = now.getTime();
  // Nearly every alert was written just now.
  if (nowMs - writtenAtMs <= maxAgeMs) return undefined;
  const ageMs = nowMs - Math.max(writtenAtMs, Date.parse(alert.occurredAt));
  const isOld = ageMs > maxAgeMs;
  if (!isOld || alert.transition === 'recovered' || mentionsOf(alert).length === 0) return undefined;
  const age = Math.floor(ageMs / minute);
  const detail = `The alert was ${age} minutes old when it was read, and after ${maxAgeMs / minute} minutes nobody is paged. Replay it if its pages are still wanted.`;
  return { ok: false, reason: 'too-old', detail };
}
