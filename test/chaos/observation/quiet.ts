import { setTimeout as sleep } from 'node:timers/promises';
import { Evidence } from '../audit/evidence.ts';
import type { History, Sent } from '../audit/history.ts';
import { healthyPart, unaccounted } from '../audit/hostile.ts';
import { dueAlerts, lost } from '../audit/lost.ts';
import type { Collector } from './collect.ts';

const lookEveryMs = 2_000;
const longestMs = 240_000;

/** Returns the open work by the records. The run is quiet if there is none. */
export function openWork(history: History): { readonly unanswered: number; readonly waiting: number } {
  const evidence = new Evidence(healthyPart(history));
  const latest = new Map(history.states.map((entry) => [entry.key, entry]));
  const waiting = [...latest.values()].flatMap(({ data }) =>
    data.pages.filter(({ status }) => status === 'pending' || status === 'attempting' || status === 'resolving'),
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
 * A lost page stays open for ever, so a long silence of all topics counts as quiet too; the audit then reports it.
 */
export async function untilQuiet(
  collector: Collector,
  sent: () => readonly Sent[],
  { silenceMs, say, stopping }: Patience,
): Promise<History> {
  const started = performance.now();
  let seen = 0;
  let changedAt = started;
  for (;;) {
    stopping.throwIfAborted();
    const history = await collector.history(sent());
    const { unanswered, waiting } = openWork(history);
    if (collector.seen !== seen) changedAt = performance.now();
    const isSilent = collector.seen === seen;
    seen = collector.seen;
    if (unanswered + waiting === 0 && isSilent) return history;
    const quietForMs = performance.now() - changedAt;
    if (quietForMs > silenceMs || performance.now() - started > longestMs) {
      say(`no longer waiting: ${unanswered} unanswered, ${waiting} pages waiting`);
      return history;
    }
    say(`waiting for quiet: ${unanswered} unanswered, ${waiting} pages waiting`);
    await sleep(lookEveryMs);
  }
}
