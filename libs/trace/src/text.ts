import type { ConnectionReport, PageOutcome } from '@pagebridge/contracts';
import { printable } from '@pagebridge/vocabulary';
import { type At, clockFor, duration } from './answer.ts';
import type { Hop } from './hop.ts';
import { type EventStory, type PageStory, pagesIn } from './story.ts';
import type { Trace } from './trace.ts';

/** Returns a trace as text: the answer first, then the records in order, then what is missing. `places`: also where each record is. */
export function textOfTrace(trace: Trace, places: boolean): string {
  const { sourceOrg, alertKey, title, asOf, answer, events, hops, missing } = trace;
  const from = hops[0] && Date.parse(hops[0].at);
  const words = new Words(pagesIn(events), clockFor(new Date(asOf)));
  const lines = hops.map((hop) => {
    const time = from === undefined ? '' : offsetOf(hop, from);
    const place = places ? `  ${hop.topic}/${hop.partition}/${hop.offset}` : '';
    return `${time.padStart(12)}  ${mark(hop)} ${words.of(hop)}${place}`;
  });
  const beginning = hops[0] ? [`${hops[0].at.slice(0, 10)}, times in UTC`] : [];
  return [
    `${sourceOrg} ${alertKey}${title === '' ? '' : ` "${title}"`}${countOf(events)}`,
    ...beginning,
    ...lines,
    ...(missing.length === 0 ? ['Complete.'] : ['Incomplete:', ...missing.map((each) => `- ${each}`)]),
    answer.cure === undefined ? answer.sentence : `${answer.sentence} ${answer.cure}`,
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** Returns a function that says in words what records say; the pages of `events` give their connections names. */
export function wordsOfHops(events: readonly EventStory[], at: At): (hop: Hop) => string {
  const words = new Words(pagesIn(events), at);
  return (hop) => words.of(hop);
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

/** Says in words what records say. */
class Words {
  constructor(
    private readonly pages: ReadonlyMap<string, PageStory>,
    private readonly at: At,
  ) {}

  of(hop: Hop): string {
    switch (hop.kind) {
      case 'alert': {
        const { transition, origin, occurredAt } = hop.alert;
        const again = hop.replayOf === undefined ? '' : `, replay of ${hop.replayOf}`;
        const by = origin === 'manual' ? 'by hand' : `by a ${origin}`;
        return `alert ${transition} ${by}, occurred at ${this.at(occurredAt)}${again}`;
      }
      case 'unrouted':
        return `${hop.unrouted.handle} pages nobody: ${hop.unrouted.detail}`;
      case 'page': {
        const { handle, teamHandle, connectionId, matched, urgency, pageId, ambiguousWith = [] } = hop.command;
        const others = ambiguousWith.length === 0 ? '' : `, also claimed by ${ambiguousWith.length} more`;
        const again = hop.replayOf === undefined ? '' : `, replay of ${hop.replayOf}`;
        const over = this.pages.get(pageId)?.connection?.slug ?? connectionId;
        return `${handle} -> ${teamHandle} over ${over}, ${matched}${others}, urgency ${urgency}: page ${pageId}${again}`;
      }
      case 'resolve':
        return 'the alert recovered: its pages are resolved';
      case 'outcome':
        return this.ofOutcome(hop.outcome);
      case 'dead-letter': {
        const { of, reason, detail } = hop.letter;
        return `dead letter of ${of.topic}/${of.partition}/${of.offset}, ${reason}: ${detail}`;
      }
      case 'report':
        return this.ofReport(hop.report);
      case 'unreadable':
        return `unreadable record: ${hop.detail}`;
    }
  }

  private ofOutcome(its: PageOutcome): string {
    const slug = this.pages.get(its.pageId)?.connection?.slug ?? its.connectionId;
    const call = its.call ? ` (${its.call.status ?? 'no response'}, ${duration(its.call.durationMs)})` : '';
    const page = `${its.teamHandle} (${slug})`;
    const detail = its.detail === undefined ? '' : `: ${its.detail}`;
    const tagged = its.possibleDuplicate ? ', tagged possible-duplicate' : '';
    switch (its.outcome) {
      case 'delivered':
        return `${page} paged by attempt ${its.attempts}${call}${tagged}, destination page ${its.destinationPageId ?? 'unknown'}`;
      case 'retried': {
        const next = its.nextAttemptAt === undefined ? '' : `; next attempt ${this.at(its.nextAttemptAt)}`;
        const end = its.givenUpAt === undefined ? '' : `, given up at ${this.at(its.givenUpAt)}`;
        return `attempt ${its.attempts} for ${page} failed${call}, ${its.reason}${detail}${next}${end}`;
      }
      case 'joined':
        return `${page} joined the open page ${its.joinedPageId}`;
      case 'undeliverable':
        return `${page} given up after ${its.attempts} attempts${call}, ${its.reason}${detail}`;
      case 'superseded':
        return `${page} no longer needed, ${its.reason}${detail}`;
      case 'acknowledged':
        return `${page} acknowledged by a responder at ${this.at(its.at)}`;
      case 'resolved':
        if (its.reason === 'closed-there') return `${page} closed by a responder at ${this.at(its.at)}`;
        return `${page} resolved${call}`;
      case 'unresolved':
        return `${page} stays open, ${its.reason}${detail}`;
    }
  }

  private ofReport(report: ConnectionReport): string {
    const { connectionId, kind, reportedBy } = report;
    const of = this.pages.values().find((page) => page.connectionId === connectionId)?.connection?.slug ?? connectionId;
    if (kind === 'credential-fault') return `${reportedBy}: the keys of ${of} are rejected. ${report.detail}`;
    if (kind === 'pages-unreadable') return `${reportedBy}: reading back the pages of ${of} failed. ${report.detail}`;
    return kind === 'repaired' ? `${reportedBy}: the keys of ${of} are accepted again` : `${reportedBy}: ${kind}`;
  }
}
