import { alertsCardOf } from '@pagebridge/contracts';
import { type Answer, answerOf, clockFor } from './answer.ts';
import type { Hop } from './hop.ts';
import { ordered, storiesOf } from './stories.ts';
import { type EventStory, type PageStory, pagesIn, type Sources } from './story.ts';
import { type Faults, type JudgedEvent, judged, type Lag } from './verdict.ts';

/** The whole life of an alert, as of a time. */
export interface Trace {
  readonly sourceOrg: string;
  readonly alertKey: string;
  readonly title: string;
  readonly asOf: string;
  readonly answer: Answer;
  readonly events: readonly JudgedEvent[];
  /** All records about it, in order. */
  readonly hops: readonly Hop[];
  /** What is missing, and why; empty if the trace is complete. */
  readonly missing: readonly string[];
}

/** Returns what is known of an alert, and the answer to why it did or did not page. `lags`: what services have not read yet. */
export function traceOf(sources: Sources, lags: readonly Lag[], now: Date): Trace {
  const { sourceOrg, alertKey } = sources;
  const all = ordered(sources.hops);
  const events = judged(storiesOf({ ...sources, hops: all }), { faults: faultsOf(all), lags, now });
  const alerts = all.filter((hop) => hop.kind === 'alert').map(({ alert }) => alert);
  const { title } = alerts.findLast(({ transition }) => transition !== 'recovered') ?? alerts.at(-1) ?? { title: '' };
  const answer = answerOf(events, clockFor(now));
  const hops = withoutOtherReports(all, events);
  const missing = missingOf(sources, events, lags);
  return { sourceOrg, alertKey, title, asOf: now.toISOString(), answer, events, hops, missing };
}

function faultsOf(hops: readonly Hop[]): Faults {
  const faults = new Map<string, Extract<Hop, { kind: 'report' }>>();
  for (const hop of hops) {
    if (hop.kind !== 'report') continue;
    const { kind, connectionId } = hop.report;
    if (kind === 'credential-fault') faults.set(connectionId, hop);
    else if (kind === 'repaired') faults.delete(connectionId);
  }
  return faults;
}

/** Leaves out the reports about connections that came when no page of the alert waited for them. */
function withoutOtherReports(hops: readonly Hop[], events: readonly EventStory[]): Hop[] {
  const pages = Map.groupBy(pagesIn(events).values(), ({ connectionId }) => connectionId);
  const isFaulty = new Set<string>();
  return hops.filter((hop) => {
    if (hop.kind !== 'report') return true;
    const { connectionId, kind, at } = hop.report;
    const isAwaited = pages.get(connectionId)?.some((page) => waitedAt(page, at)) ?? false;
    const isShown = isAwaited && (kind === 'credential-fault' || isFaulty.has(connectionId));
    if (isShown) isFaulty.add(connectionId);
    return isShown;
  });
}

function waitedAt({ command, outcomes }: PageStory, time: string): boolean {
  const end = outcomes.find(({ outcome }) => outcome.outcome !== 'retried');
  return command !== undefined && time >= command.at && (end === undefined || time <= end.at);
}

function missingOf(
  { missing, hops, keptSince }: Sources,
  events: readonly EventStory[],
  lags: readonly Lag[],
): string[] {
  const unrecorded = [...pagesIn(events).values()].flatMap(({ pageId, unrecorded }) =>
    unrecorded.length === 0
      ? []
      : `Attempt ${unrecorded.join(', ')} of page ${pageId} left no outcome, as when page-delivery is killed.`,
  );
  const unread = lags.flatMap(({ service, topic, partition, position }) => {
    const count = hops.filter((hop) => hop.topic === topic && hop.partition === partition && hop.offset >= position);
    return count.length === 0 ? [] : `${service} has not read ${count.length} of these records on ${topic} yet.`;
  });
  const isGone = events.length === 0 || events.some(({ alert, unreadable }) => (alert ?? unreadable) === undefined);
  const gone = [...keptSince].flatMap(([topic, since]) =>
    isGone && alertsCardOf(topic) ? `${topic} is kept since ${since}: an earlier record of the alert is gone.` : [],
  );
  return [...missing, ...gone, ...unrecorded, ...unread];
}
