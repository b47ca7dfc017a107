import { setTimeout as delay } from 'node:timers/promises';
import { latencyFigures } from '../harness/statistics.ts';
import { nowMs } from './alerts.ts';

/** `lateP99Ms`: the delay of the alerts against the plan. If it is large, the load was not the intended one. */
export interface Sent {
  readonly firstSentAtMs: number;
  /** The duration until the last alert was acknowledged. */
  readonly seconds: number;
  readonly lateP99Ms: number;
}

/** The number of alerts and the rate; 0 sends all at once. */
export interface Pace {
  readonly count: number;
  readonly perSecond: number;
}

/**
 * Sends at a steady pace, without waiting for acknowledgements.
 *
 * `send` gets the numbers of the due alerts, from 0, and the present time.
 */
export async function paced(
  { count, perSecond }: Pace,
  send: (due: readonly number[], atMs: number) => Promise<void>,
): Promise<Sent> {
  const late: number[] = [];
  const acknowledged: Promise<void>[] = [];
  const startedAt = nowMs();
  let sent = 0;
  while (sent < count) {
    const now = nowMs();
    const isDue = perSecond === 0 ? count : Math.min(count, Math.floor(((now - startedAt) / 1000) * perSecond) + 1);
    const due = Array.from({ length: isDue - sent }, (_, index) => sent + index);
    for (const number of due) late.push(perSecond === 0 ? 0 : now - startedAt - (number / perSecond) * 1000);
    sent = isDue;
    if (due.length > 0) acknowledged.push(send(due, now));
    if (sent < count) await delay(1);
  }
  await Promise.all(acknowledged);
  return { firstSentAtMs: startedAt, seconds: (nowMs() - startedAt) / 1000, lateP99Ms: latencyFigures(late).p99Ms };
}
