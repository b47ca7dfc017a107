import type { Handle } from '../handles/queries.ts';

/** The most handles that the menu offers. */
export const maxOffered = 20;

/** A text that the menu inserts. */
export interface Offer {
  /** With `@oncall-`. */
  readonly text: string;
  readonly team: string;
  readonly over: string;
}

/** Returns what the menu offers for handles, each text once: of one that may mean another team, the qualified handle comes first. */
export function offersOf(handles: readonly Handle[]): Offer[] {
  const offers = new Map<string, Offer>();
  const offer = (one: Offer) => offers.has(one.text) || offers.set(one.text, one);
  for (const { handle, qualifiedHandle, teamName: team, connectionName: over, ambiguous } of handles) {
    if (ambiguous) offer({ text: qualifiedHandle, team, over });
    offer(ambiguous ? { text: handle, team: 'the team that wins', over: '' } : { text: handle, team, over });
  }
  return [...offers.values()].slice(0, maxOffered);
}

/** Returns the place of an offer after a step through them; before the first comes the last. */
export const stepped = (from: number, by: 1 | -1, count: number): number =>
  by === 1 ? (from + 1) % count : (from <= 0 ? count : from) - 1;
