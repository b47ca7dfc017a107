import { alertsCardOf, faultsOf } from '@pagebridge/contracts';
import { type Answer, answerOf, clockFor } from './answer.ts';
import type { Credentials, Lag } from './cause.ts';
import type { Hop } from './hop.ts';
import { ordered, storiesOf } from './stories.ts';
import { type EventStory, type PageStory, pagesIn, type Sources } from './story.ts';
import { type JudgedEvent, judged } from './verdict.ts';

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
  const circumstances = {
    credentials: credentialsIn(all, sources.connections, now),
    ...{ lags, now, mayLackRouting: sources.mayLackRouting ?? false },
  };
  const events = judged(storiesOf({ ...sources, hops: all }), circumstances);
  const alerts = all.filter((hop) => hop.kind === 'alert').map(({ alert }) => alert);
  const { title } = alerts.findLast(({ transition }) => transition !== 'recovered') ?? alerts.at(-1) ?? { title: '' };
  const answer = answerOf(events, clockFor(now));
  const hops = withoutOtherReports(all, events);
  const missing = missingOf(sources, events, lags);
  return { sourceOrg, alertKey, title, asOf: now.toISOString(), answer, events, hops, missing };
}

/** Returns what page-delivery reports of the credentials of connections: only that explains a page. */
function credentialsIn(hops: readonly Hop[], connections: Sources['connections'], now: Date): Credentials {
  const reports = hops
    .filter((hop) => hop.kind === 'report')
    .filter(({ report }) => report.reportedBy === 'page-delivery');
  const byConnection = Map.groupBy(reports, ({ report }) => report.connectionId);
  const ids = [...new Set([...connections.keys(), ...byConnection.keys()])];
  return new Map(
    ids.map((id) => {
      const received = (byConnection.get(id) ?? []).map(({ report, at }) => ({ report, receivedAt: Date.parse(at) }));
      const credential = connections.get(id)?.credential;
      const [fault] = faultsOf(received, credential, now);
      const repairs = received.filter(({ report }) => report.kind === 'repaired').map(({ receivedAt }) => receivedAt);
      return [id, { fault, acceptedAt: Math.max(Date.parse(credential?.checkedAt ?? '') || 0, ...repairs) }];
    }),
  );
}

/** Leaves out the reports about connections that came when no page of the alert waited for them. */
function withoutOtherReports(hops: readonly Hop[], events: readonly EventStory[]): Hop[] {
  const pages = Map.groupBy(pagesIn(events).values(), ({ connectionId }) => connectionId);
  const isFaulty = new Set<string>();
  return hops.filter((hop) => {
    if (hop.kind !== 'report') return true;
    const { connectionId, kind, reportedBy, at } = hop.report;
    const isAwaited = pages.get(connectionId)?.some((page) => waitedAt(page, at)) ?? false;
    const fault = `${connectionId} ${reportedBy}`;
    const isShown = isAwaited && (kind === 'credential-fault' || isFaulty.has(fault));
    if (isShown) isFaulty.add(fault);
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
      : `Attempt ${unrecorded.join(', ')} of page ${pageId} has no outcome, as after a crash of page-delivery.`,
  );
  const unread = lags.flatMap(({ service, topic, partition, position }) => {
    const count = hops.filter((hop) => hop.topic === topic && hop.partition === partition && hop.offset >= position);
    return count.length === 0 ? [] : `${service} has not read ${count.length} of these records on ${topic} yet.`;
  });
  const mayBeGone =
    (events[0]?.isRecovery ?? true) || events.some(({ alert, unreadable }) => (alert ?? unreadable) === undefined);
  const gone = [...keptSince].flatMap(([topic, since]) =>
    mayBeGone && alertsCardOf(topic)
      ? `Records of ${topic} before ${since} have expired, so earlier records of the alert may be missing.`
      : [],
  );
  return [...missing, ...gone, ...unrecorded, ...unread];
}
