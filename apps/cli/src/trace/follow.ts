import { setTimeout as delay } from 'node:timers/promises';
import { Follower } from '@pagebridge/kafka';
import { clockFor, type Trace, traceOf, wordsOfHops } from '@pagebridge/trace';
import { placeOf } from '@pagebridge/vocabulary';
import { endWithReader, interrupted, printLine } from '../output/stream.ts';
import type { KafkaSources } from './kafka-sources.ts';

/** How long further records of one moment are waited for, before the alert is read again. */
const togetherMs = 200;
/** How often the answer is given anew without a record: that a handle may page late ends with time. */
const againMs = 5000;

/**
 * Reads a trace, prints it with `print`, and then each new record about its alert, with the answer whenever that changes, until
 * the answer is settled or Ctrl-C. Resolves to the last trace. Rejects with a KafkaError.
 */
export async function followed(
  sources: KafkaSources,
  since: number | undefined,
  alert: Pick<Trace, 'sourceOrg' | 'alertKey'>,
  print: (trace: Trace) => void,
): Promise<Trace> {
  endWithReader();
  const { sourceOrg, alertKey } = alert;
  // The ends are asked for first, so that what is written meanwhile is seen.
  const ends = await sources.endsOf(sourceOrg, alertKey);
  const { lags, ...known } = await sources.about(sourceOrg, alertKey, since);
  let last = { known, lags };
  let trace = traceOf(known, lags, new Date());
  print(trace);
  const shown = new Set(trace.hops.map(placeOf));
  let news = Promise.withResolvers<'news'>();
  const key = `${sourceOrg}/${alertKey}`;
  const follower = new Follower(sources.settings, (record) => String(record.key) === key && news.resolve('news'));
  const end = interrupted().then(() => 'end' as const);
  try {
    await follower.start(ends);
    while (!isSettled(trace)) {
      const why = await Promise.race([news.promise, end, delay(againMs, 'time' as const, { ref: false })]);
      if (why === 'end') break;
      if (why === 'news') {
        await delay(togetherMs);
        news = Promise.withResolvers();
        const { lags, ...known } = await sources.about(sourceOrg, alertKey, since);
        last = { known, lags };
      }
      const { answer } = trace;
      trace = traceOf(last.known, last.lags, new Date());
      for (const hop of trace.hops.filter((hop) => !shown.has(placeOf(hop)))) {
        shown.add(placeOf(hop));
        await printLine(`${hop.at.slice(11, 23)}  ${wordsOfHops(trace.events, clockFor(new Date()))(hop)}`);
      }
      if (trace.answer.sentence !== answer.sentence) await printLine(trace.answer.sentence);
    }
    return trace;
  } finally {
    await follower.stop();
  }
}

/** Returns whether nothing more is to be expected: no page waits, no handle may page late, and what recovered is resolved. */
function isSettled({ events }: Pick<Trace, 'events'>): boolean {
  const lastRecovery = events.findLastIndex(({ isRecovery }) => isRecovery);
  return (
    events.length > 0 &&
    events.every(({ handles }, at) =>
      handles.every(({ verdict }) => {
        if (verdict.kind === 'paged') return at > lastRecovery || verdict.end !== undefined;
        // What is missing does not come by waiting.
        if (verdict.kind === 'unknown') return true;
        return verdict.kind === 'shared' || (verdict.kind === 'not-paged' && verdict.late === undefined);
      }),
    )
  );
}
