import type { Hop } from './hop.ts';
import type { JudgedEvent, JudgedHandle } from './verdict.ts';

/** A service that has not read a record yet, as its committed position says. */
export interface Lag {
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  /** The next offset that it reads. */
  readonly position: number;
}

export type AnswerKind = 'paged' | 'waiting' | 'not-paged' | 'unknown';

/** The answer of a trace. */
export interface Answer {
  readonly kind: AnswerKind;
  readonly sentence: string;
}

/** Returns what became of the last event that could page, in one sentence. */
export function answerOf(events: readonly JudgedEvent[], lags: readonly Lag[]): Answer {
  const event = events.findLast(canPage);
  if (!event) return events.length === 0 ? nothing : onlyRecovery;
  const told = event.handles.filter(({ verdict }) => verdict.kind !== 'shared');
  if (told.length === 0) return withoutHandles(event, lags);
  const kind = kindOf(told);
  const [only] = told;
  if (told.length === 1 && only) return { kind, sentence: `${sentenceOf(only)}.` };
  const parts = told.toSorted((a, b) => Number(isPaged(a)) - Number(isPaged(b)));
  const each = parts.map((one) => `${one.handle}: ${lower(sentenceOf(one))}`).join('; ');
  return { kind, sentence: `${told.filter(isPaged).length} of ${told.length} handles paged. ${each}.` };
}

const nothing: Answer = {
  kind: 'unknown',
  sentence: 'Nothing is known of this alert: it never reached the topics, or is older than what they keep.',
};
const onlyRecovery: Answer = {
  kind: 'not-paged',
  sentence: 'Not paged: all that is known of this alert is its recovery.',
};

/** Returns whether an event is more than a recovery. */
const canPage = ({ alert, handles, resolve }: JudgedEvent): boolean =>
  handles.length > 0 || (alert !== undefined ? alert.alert.transition !== 'recovered' : resolve === undefined);

const isPaged = ({ verdict }: JudgedHandle): boolean => verdict.kind === 'paged';

function kindOf(told: readonly JudgedHandle[]): AnswerKind {
  if (told.some(({ verdict }) => verdict.kind === 'waiting')) return 'waiting';
  return told.some(isPaged) ? 'paged' : 'not-paged';
}

function withoutHandles(event: JudgedEvent, lags: readonly Lag[]): Answer {
  const { alert, deadLetters } = event;
  const letter = deadLetters.at(-1)?.letter;
  if (letter) {
    return { kind: 'not-paged', sentence: `Not paged: the alert is a dead letter, ${letter.reason}. ${letter.detail}` };
  }
  const lag = alert && lags.find(({ topic, partition, position }) => isBefore({ topic, partition, position }, alert));
  if (lag) return { kind: 'waiting', sentence: `Waiting since ${clock(event.at)}: ${behind(lag, alert)}.` };
  if (event.handles.length === 0)
    return { kind: 'not-paged', sentence: 'Not paged: the alert names no @oncall- handle.' };
  return { kind: 'waiting', sentence: `Waiting since ${clock(event.at)}: page-routing has written nothing about it.` };
}

const isBefore = ({ topic, partition, position }: Omit<Lag, 'service'>, hop: Hop): boolean =>
  topic === hop.topic && partition === hop.partition && position <= hop.offset;

const behind = ({ service, position }: Lag, { offset, topic }: Hop): string =>
  `${service} has not read it, it is ${offset - position + 1} records of ${topic} behind`;

/** Returns what became of a handle, without the last full stop. */
function sentenceOf({ verdict, decidedBy, pages, handle, unrouted }: JudgedHandle): string {
  const page = pages.find(({ pageId }) => pageId === decidedBy);
  const team = page && `${page.teamHandle} (${page.connection?.slug ?? page.connectionId})`;
  switch (verdict.kind) {
    case 'paged': {
      const after = verdict.afterMs === undefined ? '' : ` after ${duration(verdict.afterMs)}`;
      const twice = verdict.possibleDuplicate ? ', and possibly twice' : '';
      const end = verdict.end ? `, ${verdict.end.kind} at ${clock(verdict.end.at)}` : '';
      const instead = page?.backs === undefined ? '' : ', as the backup';
      const earlier = verdict.joined
        ? `, which an earlier event had paged at ${clock(verdict.at)}`
        : `${instead}${after}`;
      return `${verdict.joined ? 'Joined the page of' : 'Paged'} ${team}${earlier}${twice}${end}`;
    }
    case 'waiting': {
      const next = verdict.nextAt === undefined ? '' : `; next try ${clock(verdict.nextAt)}`;
      const end = verdict.givenUpAt === undefined ? '' : `, given up at ${clock(verdict.givenUpAt)}`;
      return `Waiting since ${clock(verdict.since)}: ${verdict.why}${next}${end}`;
    }
    case 'not-paged': {
      const why = unrouted?.unrouted.reason === 'unknown-handle' && !page ? unknown(handle, unrouted) : verdict.why;
      const late =
        verdict.late === undefined ? '' : `; it pages late if it becomes known before ${clock(verdict.late)}`;
      return `Not paged${page ? ` ${team}` : ''}: ${why.replace(/\.$/, '')}${late}`;
    }
    case 'shared':
      return 'Has the page of another handle of the same team';
  }
}

function unknown(handle: string, { unrouted }: NonNullable<JudgedHandle['unrouted']>): string {
  const nearest = unrouted.nearest?.handle;
  return `no team has the handle ${handle}${nearest === undefined ? '' : `; nearest ${nearest}`}`;
}

const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

/** Returns the time of day of a time, in UTC. */
export const clock = (time: string): string => `${new Date(time).toISOString().slice(11, 19)}Z`;

/** Returns a duration with its largest units: `84 ms`, `1.2 s`, `12 min`, `4 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
}
