import { alertsCardOf, cards } from '@pagebridge/contracts';
import type { Candidate } from '../letters/batch.ts';
import { inOrder, type KnownLetter } from '../letters/letter.ts';
import { isoOf } from '../letters/record.ts';
import { type Decision, Forecast, type ForecastOptions, skip } from './forecast.ts';
import type { History } from './history.ts';

export interface Planned {
  readonly letter: Candidate;
  readonly decision: Decision;
}

/**
 * Decides which dead letters to replay, in which order, and predicts their effects; pure.
 *
 * Guarantees: at most the newest letter of each subject is replayed; letters that were replayed before, that the present
 * contract cannot decode, or whose alert has recovered are not; letters of one partition keep their order. Earlier
 * replays count, so that an older letter never follows a newer one.
 */
export function plan(
  selected: readonly Candidate[],
  all: readonly KnownLetter[],
  history: History,
  options: ForecastOptions,
  now: Date,
): Planned[] {
  const sent = all.filter((letter) => history.replayedAt(letter) !== undefined);
  const newest = newestOf([...new Set<KnownLetter>([...selected, ...sent])]);
  const forecast = new Forecast(history, options, now);
  return selected.toSorted(inOrder).map((letter) => ({
    letter,
    decision: decisionOf(letter, newest, history, forecast, now),
  }));
}

function decisionOf(
  letter: KnownLetter,
  newest: ReadonlyMap<string, KnownLetter>,
  history: History,
  forecast: Forecast,
  now: Date,
): Decision {
  const { meaning } = letter;
  const replayedAt = history.replayedAt(letter);
  if (replayedAt) return skip('replayed', `already replayed at ${replayedAt}`);
  if (!meaning.ok) return skip(meaning.as, meaning.why);
  if (now.getTime() - letter.failedAt >= keptMs(letter.topic)) {
    return skip(
      'too-old',
      `dead letter since ${isoOf(letter.failedAt)}, longer than the retention of its topic: it may have been replayed, or its alert may have recovered`,
    );
  }
  const { kind, subject } = meaning.value;
  const recoveredAt = history.recoveredAfter(letter);
  if (recoveredAt !== undefined) {
    return skip(
      'recovered',
      kind === 'trigger' ? `the alert recovered at ${isoOf(recoveredAt)}` : 'the alert has a later recovery',
    );
  }
  const newer = newest.get(subject);
  if (newer && newer !== letter) return skip('collapsed', `the dead letter ${newer.name} is newer`);
  return forecast.next(letter, meaning.value);
}

// The retention of the topic, and so the time for which the topic keeps the mark of a replay.
const keptMs = (topic: string): number =>
  (alertsCardOf(topic) ?? cards.find((card) => card.topic === topic))?.retentionMs ?? Number.POSITIVE_INFINITY;

function newestOf(letters: readonly KnownLetter[]): ReadonlyMap<string, KnownLetter> {
  const newest = new Map<string, KnownLetter>();
  for (const letter of letters) {
    if (!letter.meaning.ok) continue;
    const known = newest.get(letter.meaning.value.subject);
    if (!known || isNewer(letter, known)) newest.set(letter.meaning.value.subject, letter);
  }
  return newest;
}

function isNewer(letter: KnownLetter, known: KnownLetter): boolean {
  const happened = (it: KnownLetter) => (it.meaning.ok ? it.meaning.value.happenedAt : 0);
  if (happened(letter) !== happened(known)) return happened(letter) > happened(known);
  if (letter.failedAt !== known.failedAt) return letter.failedAt > known.failedAt;
  return inOrder(letter, known) > 0;
}
