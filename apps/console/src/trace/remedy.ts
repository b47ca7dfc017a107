import type { JudgedEvent } from '@pagebridge/trace/words';
import { reasonOf } from '@pagebridge/vocabulary';
import { placesOf } from '../explain/marks.ts';

/** The one thing that somebody can do about a firing. */
export type Remedy =
  | { readonly kind: 'replace-keys'; readonly connectionId: string }
  | { readonly kind: 'check-again'; readonly connectionId: string }
  /** `message`: that of the alert, with the nearest handle in place of the one that is unknown. */
  | { readonly kind: 'use-nearest'; readonly handle: string; readonly message: string }
  | { readonly kind: 'replay'; readonly topic: string };

/** Returns what to do about the last event that could page; undefined if nobody can do anything. */
export function remedyOf(events: readonly JudgedEvent[]): Remedy | undefined {
  const event = events.findLast(({ isRecovery, handles }) => !isRecovery || handles.length > 0);
  const handles = event?.handles ?? [];
  for (const { verdict, unrouted, handle } of handles) {
    if (verdict.kind === 'waiting' && verdict.connectionId) return ofWaiting(verdict.connectionId, verdict.refused);
    const nearest = unrouted?.unrouted.nearest?.handle;
    const message = event?.alert?.alert.message ?? '';
    const places = verdict.kind === 'not-paged' && nearest ? placesOf(message, handle.replace(/^@oncall-/, '')) : [];
    if (nearest && places.length > 0)
      return { kind: 'use-nearest', handle: nearest, message: put(nearest, message, places) };
  }
  const needy = handles.filter(({ verdict }) => verdict.kind === 'not-paged');
  const letters = [
    ...(event?.deadLetters ?? []),
    ...needy.flatMap(({ pages }) => pages.flatMap((page) => page.deadLetters)),
  ];
  const letter = letters.at(-1)?.letter;
  return letter && reasonOf(letter.reason).replay ? { kind: 'replay', topic: letter.of.topic } : undefined;
}

/** Puts a handle into a text in these places, given from the last to the first. */
const put = (handle: string, text: string, places: ReturnType<typeof placesOf>): string =>
  places.reduce((its, { start, end }) => its.slice(0, start) + handle + its.slice(end), text);

/** A connection whose keys only lack a permission needs no new ones. */
const ofWaiting = (
  connectionId: string,
  refused: { readonly missingPermission?: string | undefined } | undefined,
): Remedy => ({ kind: refused && !refused.missingPermission ? 'replace-keys' : 'check-again', connectionId });
