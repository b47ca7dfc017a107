import { type Planned, type Refused, whyOf } from '@pagebridge/dead-letters';
import { placeOf } from '@pagebridge/vocabulary';
import type { ChosenLetter, LetterVerdict } from './replays.dto.ts';

/** Returns what is said of each letter; with `refused` after a replay, without it before. */
export function verdictsOf(
  letters: readonly ChosenLetter[],
  planned: readonly Planned[],
  refused?: readonly Refused[],
): LetterVerdict[] {
  const decisions = new Map(planned.map(({ letter, decision }) => [letter.name, decision]));
  const refusals = new Map(refused?.map(({ name, detail }) => [name, detail]));
  return letters.map(({ topic, partition, offset }) => {
    const place = { topic, partition, offset };
    const decision = decisions.get(placeOf(place));
    if (!decision) return { ...place, verdict: 'lost', why: 'the dead letter is no longer in its topic' };
    const why = whyOf(decision);
    if (decision.kind === 'skip') return { ...place, verdict: decision.reason, why };
    const refusal = refusals.get(placeOf(place));
    if (refusal !== undefined) return { ...place, verdict: 'refused', why: refusal };
    return { ...place, verdict: refused ? 'sent' : 'replay', becomes: decision.effect.kind, why };
  });
}
