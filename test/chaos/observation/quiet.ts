import { setTimeout as sleep } from 'node:timers/promises';
import { workOf } from '@pagebridge/page-lifecycle';
import { Evidence } from '../audit/evidence.ts';
import type { History, Sent } from '../audit/history.ts';
import { healthyPart, unaccounted } from '../audit/hostile.ts';
import { dueAlerts, lost } from '../audit/lost.ts';
import type { Collector } from './collect.ts';

const lookEveryMs = 2_000;
const sayEveryMs = 10_000;
const maxMs = 240_000;

/** Returns the open work by the records. The run is quiet if there is none. */
export function openWork(history: History): { readonly unanswered: number; readonly waiting: number } {
  const evidence = new Evidence(healthyPart(history));
  const latest = new Map(history.states.map((entry) => [entry.key, entry]));
  const waiting = [...latest.values()].flatMap(({ data }) =>
    data.pages.filter((page) => workOf(page) || page.status === 'attempting'),
  );
  const inTopic = new Set(history.alerts.map(({ eventId }) => eventId));
  const missing = dueAlerts(evidence).filter(({ eventId }) => !inTopic.has(eventId)).length;
  return { unanswered: lost(evidence).length + missing + unaccounted(history).length, waiting: waiting.length };
}

export interface Patience {
  /** A silence of this length counts as quiet. */
  readonly silenceMs: number;
  readonly say: (line: string) => void;
  readonly stopping: AbortSignal;
}

/**
 * Waits until every alert has a result and no page is pending in the ledger.
 *
 * A lost page stays open for ever, so a long silence of all topics counts as quiet too; the audit then reports it. While
 * records are still written, nothing is examined: that takes seconds in which the wires to the destinations stand still.
 */
export async function untilQuiet(
  collector: Collector,
  sent: () => readonly Sent[],
  { silenceMs, say, stopping }: Patience,
): Promise<History> {
  const started = performance.now();
  let [changedAt, saidAt] = [started, started];
  for (;;) {
    const { seen } = collector;
    await sleep(lookEveryMs);
    stopping.throwIfAborted();
    const now = performance.now();
    const isSilent = collector.seen === seen;
    if (!isSilent) changedAt = now;
    const isOver = now - changedAt > silenceMs || now - started > maxMs;
    if (!isSilent && !isOver) {
      if (now - saidAt >= sayEveryMs) {
        say(`waiting for quiet: ${collector.seen} records so far`);
        saidAt = now;
      }
      continue;
    }
    const history = await collector.history(sent());
    const { unanswered, waiting } = openWork(history);
    if (unanswered + waiting === 0) return history;
    say(`${isOver ? 'no longer waiting' : 'waiting for quiet'}: ${unanswered} unanswered, ${waiting} pages waiting`);
    if (isOver) return history;
  }
}
