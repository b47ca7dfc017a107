import type { Hop, JudgedEvent } from '@pagebridge/trace/words';

/** The one thing that somebody can do about a firing. */
export type Remedy =
  | { readonly kind: 'replace-keys'; readonly connectionId: string }
  /** `cure`: what to do before. */
  | { readonly kind: 'check-again'; readonly connectionId: string; readonly cure?: string }
  /** `message`: that of the alert, with the nearest handle in place of the one that is unknown. */
  | { readonly kind: 'use-nearest'; readonly handle: string; readonly message: string }
  | { readonly kind: 'replay'; readonly topic: string };

/** Returns what to do about the last event that could page; undefined if nobody can do anything. `hops`: all records of the alert. */
export function remedyOf(events: readonly JudgedEvent[], hops: readonly Hop[]): Remedy | undefined {
  const event = events.findLast(({ isRecovery, handles }) => !isRecovery || handles.length > 0);
  const letters = [event?.deadLetters ?? []].flat();
  const needy = (event?.handles ?? []).filter(({ verdict: { kind } }) => kind === 'waiting' || kind === 'not-paged');
  for (const { verdict, pages, unrouted, handle } of needy) {
    const page = pages.at(-1);
    if (verdict.kind === 'waiting' && page) return ofWaiting(page.connectionId, hops);
    const nearest = unrouted?.unrouted.nearest?.handle;
    const message = event?.alert?.alert.message;
    if (nearest && message !== undefined) {
      return { kind: 'use-nearest', handle: nearest, message: message.replaceAll(handle, nearest) };
    }
    letters.push(...(page?.deadLetters ?? []));
  }
  const topic = letters.at(-1)?.letter.of.topic;
  return topic === undefined ? undefined : { kind: 'replay', topic };
}

/** A connection whose keys only lack a permission needs no new ones. */
function ofWaiting(connectionId: string, hops: readonly Hop[]): Remedy {
  const report = hops
    .flatMap((hop) => (hop.kind === 'report' && hop.report.connectionId === connectionId ? [hop.report] : []))
    .at(-1);
  if (report?.kind !== 'credential-fault') return { kind: 'check-again', connectionId };
  const { missingPermission } = report;
  if (missingPermission === undefined) return { kind: 'replace-keys', connectionId };
  const cure = `Add ${missingPermission} to the service account's role in the destination org.`;
  return { kind: 'check-again', connectionId, cure };
}
