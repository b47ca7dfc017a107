import type { JudgedEvent } from '@pagebridge/trace/words';

/** The one thing that somebody can do about a firing. */
export type Remedy =
  | { readonly kind: 'replace-keys' | 'check-again'; readonly connectionId: string }
  /** `message`: that of the alert, with the nearest handle in place of the one that is unknown. */
  | { readonly kind: 'use-nearest'; readonly handle: string; readonly message: string }
  | { readonly kind: 'replay'; readonly topic: string };

const refusals: ReadonlySet<string> = new Set(['credential', 'forbidden']);

/** Returns what to do about the last event that could page; undefined if there is nothing to do, or nobody can do anything. */
export function remedyOf(events: readonly JudgedEvent[]): Remedy | undefined {
  const event = events.findLast(({ isRecovery, handles }) => !isRecovery || handles.length > 0);
  const letters = [event?.deadLetters ?? []].flat();
  const needy = (event?.handles ?? []).filter(({ verdict: { kind } }) => kind === 'waiting' || kind === 'not-paged');
  for (const { verdict, pages, unrouted, handle } of needy) {
    const page = pages.at(-1);
    const last = page?.outcomes.at(-1)?.outcome;
    if (verdict.kind === 'waiting' && page) {
      const isRefused = refusals.has(last?.reason ?? '') || verdict.why.includes('keys');
      return { kind: isRefused ? 'replace-keys' : 'check-again', connectionId: page.connectionId };
    }
    const nearest = unrouted?.unrouted.nearest?.handle;
    const message = event?.alert?.alert.message;
    if (nearest && message !== undefined) {
      return { kind: 'use-nearest', handle: nearest, message: message.replaceAll(handle, nearest) };
    }
    letters.push(...(page?.deadLetters ?? []));
  }
  const topic = letters.at(-1)?.topic;
  return topic === undefined ? undefined : { kind: 'replay', topic };
}
