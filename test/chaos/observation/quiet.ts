import { setTimeout as sleep } from 'node:timers/promises';
import { Evidence } from '../audit/evidence.ts';
import type { History, Sent } from '../audit/history.ts';
import { healthyPart, unaccounted } from '../audit/hostile.ts';
import { dueAlerts, lost } from '../audit/lost.ts';
import type { Collector } from './collect.ts';

const lookEveryMs = 2_000;
const longestMs = 240_000;

/** What is still to be done, by the records alone: an end of all of it is what "quiet" means. */
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
  /** After so long without a record nothing more is expected. */
  readonly silenceMs: number;
  readonly say: (line: string) => void;
  readonly stopping: AbortSignal;
}

/**
 * Waits until nothing is left to be done: every alert answered, no page waiting in the ledger.
 *
 * What was lost stays open for ever, so long silence on all topics counts as quiet too; the audit tells one from the
 * other.
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
