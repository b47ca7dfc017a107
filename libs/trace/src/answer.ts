import { cureOfLetter } from '@pagebridge/vocabulary';
import type { JudgedEvent, JudgedHandle } from './verdict.ts';

/** Writes a time for whoever reads the words. */
export type At = (time: string) => string;

export type AnswerKind = 'paged' | 'waiting' | 'not-paged' | 'unknown';

/** The answer of a trace. */
export interface Answer {
  readonly kind: AnswerKind;
  readonly sentence: string;
  /** What to do, in sentences, if anything helps. */
  readonly cure?: string;
}

/** Returns what became of the last event that could page, in one sentence. */
export function answerOf(events: readonly JudgedEvent[], timeAt: At): Answer {
  const event = events.findLast(({ isRecovery, handles }) => !isRecovery || handles.length > 0);
  if (!event) return events.length === 0 ? nothing : onlyRecovery;
  const told = event.handles.filter(({ verdict }) => verdict.kind !== 'shared');
  if (told.length === 0) {
    const letter = event.deadLetters.at(-1)?.letter;
    const cure = letter && { cure: cureOfLetter(letter.reason) };
    return { kind: 'not-paged', sentence: `Not paged: ${whyNobody(event)}.`, ...cure };
  }
  const kind = kindOf(told);
  const what = cureFor(told);
  const [only] = told;
  if (told.length === 1 && only) return { kind, sentence: `${sentenceOf(only, timeAt)}.`, ...what };
  const parts = told.toSorted((a, b) => Number(isPaged(a)) - Number(isPaged(b)));
  const each = parts.map((one) => `${one.handle}: ${lower(sentenceOf(one, timeAt))}`).join('; ');
  return { kind, sentence: `${told.filter(isPaged).length} of ${told.length} handles paged. ${each}.`, ...what };
}

const nothing: Answer = {
  kind: 'unknown',
  sentence: 'Alert not found: no record has this key, or its records are older than the retention of the topics.',
};
const onlyRecovery: Answer = {
  kind: 'not-paged',
  sentence: 'Not paged: only the recovery of this alert was found.',
};

function whyNobody({ alert, unreadable, deadLetters }: JudgedEvent): string {
  const letter = deadLetters.at(-1)?.letter;
  if (letter) return `the alert is a dead letter (${letter.reason}). ${withoutStop(letter.detail)}`;
  if (unreadable) return `the record of the alert is unreadable: ${withoutStop(unreadable.detail)}`;
  return alert ? 'the alert names no @oncall- handle' : 'the handles of the alert are unknown';
}

const isPaged = ({ verdict }: JudgedHandle): boolean => verdict.kind === 'paged';

function kindOf(told: readonly JudgedHandle[]): AnswerKind {
  if (told.some(({ verdict }) => verdict.kind === 'waiting')) return 'waiting';
  if (told.some(isPaged)) return 'paged';
  return told.some(({ verdict }) => verdict.kind === 'unknown') ? 'unknown' : 'not-paged';
}

/** Returns what to do about these handles, which are named if there are several. */
function cureFor(told: readonly JudgedHandle[]): Pick<Answer, 'cure'> {
  const cured = told.flatMap(({ handle, verdict }) =>
    'cure' in verdict && verdict.cure !== undefined ? { handle, cure: verdict.cure } : [],
  );
  if (cured.length === 0) return {};
  const named = [...Map.groupBy(cured, ({ cure }) => cure)].map(
    ([cure, those]) => `${those.map(({ handle }) => handle).join(', ')}: ${cure}`,
  );
  return { cure: told.length === 1 ? (cured[0]?.cure ?? '') : named.join(' ') };
}

/** Returns what became of a handle, without the last full stop. */
function sentenceOf({ verdict }: JudgedHandle, timeAt: At): string {
  switch (verdict.kind) {
    case 'paged': {
      const { team, at, afterMs, possibleDuplicate, isBackup, joined, taken, end } = verdict;
      const when = at === undefined ? '' : ` at ${timeAt(at)}`;
      const after = afterMs === undefined ? when : ` after ${duration(afterMs)}`;
      const how = joined ? `, which was paged${when}` : `${isBackup ? ', as the backup,' : ''}${after}`;
      const twice = possibleDuplicate ? ', possibly twice' : '';
      const by = taken ? `; acknowledged by a responder at ${timeAt(taken.at)}${knownAt(taken, timeAt)}` : '';
      return `${joined ? 'Joined the open page of' : 'Paged'} ${team}${how}${twice}${by}${end ? until(end, timeAt) : ''}`;
    }
    case 'waiting': {
      const next = verdict.nextAt === undefined ? '' : `; next attempt ${timeAt(verdict.nextAt)}`;
      const end = verdict.givenUpAt === undefined ? '' : `, given up at ${timeAt(verdict.givenUpAt)}`;
      return `Waiting since ${timeAt(verdict.since)}: ${verdict.why}${next}${end}`;
    }
    case 'not-paged': {
      const { team, why, late } = verdict;
      const until = late === undefined ? '' : `; it pages late if it becomes known before ${timeAt(late)}`;
      return `Not paged${team === undefined ? '' : ` ${team}`}: ${withoutStop(why)}${until}`;
    }
    case 'unknown':
      return `Unknown: ${verdict.why}`;
    case 'shared':
      return 'Paged through another handle of the same team';
  }
}

type Paged = Extract<JudgedHandle['verdict'], { kind: 'paged' }>;

const knownAt = ({ at, knownAt: known }: NonNullable<Paged['taken']>, timeAt: At): string =>
  Date.parse(known) - Date.parse(at) < 1000 ? '' : `, read back at ${timeAt(known)}`;

function until({ kind, at, fires }: NonNullable<Paged['end']>, timeAt: At): string {
  if (kind !== 'closed-there') return `, ${kind} at ${timeAt(at)}`;
  return `; closed by a responder at ${timeAt(at)}${fires ? ' while the alert fires: its next trigger pages again' : ''}`;
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');
const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

const dayMs = 24 * 60 * 60 * 1000;

/** Writes times in UTC: of the day, and with the date unless they are near. */
export const clockFor =
  (now: Date): At =>
  (time) => {
    const moment = Date.parse(time);
    if (Number.isNaN(moment)) return time;
    const text = new Date(moment).toISOString();
    const isNear = Math.abs(moment - now.getTime()) < dayMs / 2;
    return `${isNear ? '' : `${text.slice(0, 10)} `}${text.slice(11, 19)}Z`;
  };

/** Returns a duration with its largest units: `84 ms`, `1.2 s`, `12 min`, `4 h 10 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
}
