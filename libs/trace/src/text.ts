import { printable } from '@pagebridge/vocabulary';
import { clock, duration } from './answer.ts';
import type { Hop } from './hop.ts';
import { type EventStory, type PageStory, pagesOf } from './story.ts';
import type { Trace } from './trace.ts';

/** Returns a trace as text: the answer first, then the records in order, then what is missing. `places`: also where each record is. */
export function textOfTrace(trace: Trace, places: boolean): string {
  const { sourceOrg, alertKey, title, answer, events, hops, missing } = trace;
  const from = hops[0] && Date.parse(hops[0].at);
  const pages = new Map(pagesOf(events).map((page) => [page.pageId, page]));
  const lines = hops.map((hop) => {
    const time = from === undefined ? '' : offsetOf(hop, from);
    const place = places ? `  ${hop.topic}/${hop.partition}/${hop.offset}` : '';
    return `${time.padStart(12)}  ${mark(hop)} ${wordsOf(hop, pages)}${place}`;
  });
  const beginning = hops[0] ? [`${hops[0].at.slice(0, 10)}, times in UTC`] : [];
  return [
    `${sourceOrg} ${alertKey}${title === '' ? '' : ` "${title}"`}${countOf(events)}`,
    ...beginning,
    ...lines,
    ...(missing.length === 0 ? ['Complete.'] : ['Not complete:', ...missing.map((each) => `- ${each}`)]),
    answer.sentence,
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

const countOf = (events: readonly EventStory[]): string => (events.length > 1 ? `, ${events.length} events` : '');

/** The first time as a time of day, later ones as the time since then. */
function offsetOf({ at }: Hop, from: number): string {
  const ms = Date.parse(at) - from;
  return ms === 0 ? new Date(at).toISOString().slice(11, 23) : `+${duration(ms)}`;
}

const marks: Readonly<Partial<Record<string, string>>> = {
  delivered: 'v',
  resolved: '=',
  retried: 'x',
  undeliverable: 'x',
};

function mark(hop: Hop): string {
  if (hop.kind === 'outcome') return marks[hop.outcome.outcome] ?? 'o';
  return hop.kind === 'unrouted' || hop.kind === 'dead-letter' || hop.kind === 'unreadable' ? 'x' : 'o';
}

/** The pages of an alert, by id. */
type Pages = ReadonlyMap<string, PageStory>;

/** Returns what a record says, in words. */
function wordsOf(hop: Hop, pages: Pages): string {
  switch (hop.kind) {
    case 'alert': {
      const { transition, origin, occurredAt } = hop.alert;
      const again = hop.replayOf === undefined ? '' : `, a replay of ${hop.replayOf}`;
      return `alert ${transition} by a ${origin}, which says ${clock(occurredAt)}${again}`;
    }
    case 'unrouted':
      return `${hop.unrouted.handle} pages nobody: ${hop.unrouted.detail}`;
    case 'page': {
      const { handle, teamHandle, connectionId, matched, urgency, pageId, ambiguousWith = [] } = hop.command;
      const story = pages.get(pageId);
      const others = ambiguousWith.length === 0 ? '' : `, claimed by ${ambiguousWith.length} more`;
      return `${handle} -> ${teamHandle} over ${story?.connection?.slug ?? connectionId}, ${matched}${others}, urgency ${urgency}: page ${pageId}`;
    }
    case 'resolve':
      return 'the alert recovered: its pages are resolved';
    case 'outcome':
      return outcomeWords(hop, pages);
    case 'dead-letter':
      return `dead letter of ${hop.letter.of.topic}/${hop.letter.of.partition}/${hop.letter.of.offset}, ${hop.letter.reason}: ${hop.letter.detail}`;
    case 'report':
      return reportWords(hop, pages);
    case 'unreadable':
      return `a record that cannot be read: ${hop.detail}`;
  }
}

function outcomeWords({ outcome: its }: Extract<Hop, { kind: 'outcome' }>, pages: Pages): string {
  const slug = pages.get(its.pageId)?.connection?.slug ?? its.connectionId;
  const call = its.call ? ` (${its.call.status ?? 'no answer'}, ${duration(its.call.durationMs)})` : '';
  const page = `${its.teamHandle} (${slug})`;
  const detail = its.detail === undefined ? '' : `: ${its.detail}`;
  const tagged = its.possibleDuplicate ? ', tagged possible-duplicate' : '';
  switch (its.outcome) {
    case 'delivered':
      return `${page} paged by attempt ${its.attempts}${call}${tagged}, there ${its.destinationPageId ?? 'without an id'}`;
    case 'retried': {
      const next = its.nextAttemptAt === undefined ? '' : `; next try ${clock(its.nextAttemptAt)}`;
      const end = its.givenUpAt === undefined ? '' : `, given up at ${clock(its.givenUpAt)}`;
      return `attempt ${its.attempts} for ${page} failed${call}, ${its.reason}${detail}${next}${end}`;
    }
    case 'joined':
      return `${page} has an open page already, ${its.joinedPageId}: joined`;
    case 'undeliverable':
      return `${page} given up after ${its.attempts} attempts${call}, ${its.reason}${detail}`;
    case 'superseded':
      return `${page} not needed any more, ${its.reason}${detail}`;
    case 'resolved':
      return `${page} resolved${call}`;
    case 'unresolved':
      return `${page} stays open, ${its.reason}${detail}`;
  }
}

function reportWords({ report }: Extract<Hop, { kind: 'report' }>, pages: Pages): string {
  const { connectionId } = report;
  const of = pages.values().find((page) => page.connectionId === connectionId)?.connection?.slug ?? connectionId;
  switch (report.kind) {
    case 'credential-fault':
      return `${report.reportedBy}: the keys of ${of} are refused. ${report.detail}`;
    case 'repaired':
      return `${report.reportedBy}: the keys of ${of} are accepted again`;
    default:
      return `${report.reportedBy}: ${report.kind}`;
  }
}
