import { cards } from '@pagebridge/contracts';
import type { History } from './history.ts';
import type { Letter } from './letter.ts';

/** Why a dead letter is not sent again. */
export type SkipReason = 'replayed' | 'unreadable' | 'too-old' | 'recovered' | 'collapsed' | 'not-given-up';

export type Verdict =
  | { readonly kind: 'replay' }
  | { readonly kind: 'skip'; readonly reason: SkipReason; readonly why: string };

export interface Planned {
  readonly letter: Letter;
  readonly verdict: Verdict;
}

/**
 * Decides which dead letters go, in the order in which they go: same input, same answer, no I/O.
 *
 * Guarantees: of one subject at most one goes, the newest; none that was sent before, that the present contract cannot
 * read, or whose alert has recovered; letters of one partition keep their order. What went counts in the next run, so
 * that an older letter never follows a newer one.
 */
export function plan(selected: readonly Letter[], all: readonly Letter[], history: History, now: Date): Planned[] {
  const sent = all.filter((letter) => history.replayedAt(letter) !== undefined);
  const newest = newestOf([...new Set([...selected, ...sent])]);
  return selected.toSorted(inOrder).map((letter) => ({ letter, verdict: verdictOf(letter, newest, history, now) }));
}

function verdictOf(letter: Letter, newest: ReadonlyMap<string, Letter>, history: History, now: Date): Verdict {
  const { meaning } = letter;
  const replayedAt = history.replayedAt(letter);
  if (replayedAt) return skip('replayed', `sent again at ${replayedAt}`);
  if (!meaning.ok) return skip('unreadable', meaning.why);
  if (now.getTime() - letter.failedAt >= keptMs(letter.topic)) {
    return skip(
      'too-old',
      `parked at ${iso(letter.failedAt)}: whether it was sent again, or recovered, is no longer known`,
    );
  }
  const { kind, subject, identity, pageId } = meaning.value;
  const recoveredAt = history.recoveredAfter(letter);
  if (recoveredAt !== undefined) {
    return skip(
      'recovered',
      kind === 'trigger' ? `the alert recovered at ${iso(recoveredAt)}` : 'a later recovery is known',
    );
  }
  const newer = newest.get(subject);
  if (newer && newer !== letter) return skip('collapsed', `${newer.name} is newer`);
  const status = pageId === undefined ? undefined : history.statusOf(identity, pageId);
  if (status !== undefined && status !== 'undeliverable') return skip('not-given-up', `the page is ${status}`);
  return { kind: 'replay' };
}

const skip = (reason: SkipReason, why: string): Verdict => ({ kind: 'skip', reason, why });
const iso = (time: number): string => new Date(time).toISOString();

// As long as the mark of a replay is sure to be kept; a letter is older than its replay.
const keptMs = (topic: string): number =>
  cards.find((card) => card.topic === topic)?.retentionMs ?? Number.POSITIVE_INFINITY;

function newestOf(letters: readonly Letter[]): ReadonlyMap<string, Letter> {
  const newest = new Map<string, Letter>();
  for (const letter of letters) {
    if (!letter.meaning.ok) continue;
    const known = newest.get(letter.meaning.value.subject);
    if (!known || isNewer(letter, known)) newest.set(letter.meaning.value.subject, letter);
  }
  return newest;
}

function isNewer(letter: Letter, known: Letter): boolean {
  const happened = (it: Letter) => (it.meaning.ok ? it.meaning.value.happenedAt : 0);
  if (happened(letter) !== happened(known)) return happened(letter) > happened(known);
  if (letter.failedAt !== known.failedAt) return letter.failedAt > known.failedAt;
  return inOrder(letter, known) > 0;
}

/** As they stand: by topic and partition, in a partition by offset. */
export const inOrder = (a: Letter, b: Letter): number =>
  a.record.topic.localeCompare(b.record.topic) ||
  a.record.partition - b.record.partition ||
  a.record.offset - b.record.offset;
