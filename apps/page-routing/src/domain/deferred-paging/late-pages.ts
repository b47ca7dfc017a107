import type { Alert, Event, UnroutedHandle } from '@pagebridge/contracts';
import { plainName } from '@pagebridge/handle-registry';
import {
  type Decision,
  type PageDecision,
  Pages,
  type Registry,
  type SamePageDecision,
  type UnroutedDecision,
} from '@pagebridge/routing';
import { maxMentionLength, mentionsOf } from '@pagebridge/vocabulary';

/** The tag of a page whose handle became known after its alert was routed. */
const lateTag = 'late';

/** The fields of an unrouted record that only a waiting handle has. */
export type Wait = Pick<UnroutedHandle, 'alert' | 'waitingUntil'>;

/** A decision after which the handle may wait. */
export type WaitingDecision = UnroutedDecision & { readonly resolution: { readonly kind: 'unknown' } };

/** Returns whether a handle may wait: it is unknown, not longer than a handle can be, and its alert is no recovery. */
export const mayWait = (alert: Alert, decision: Decision): decision is WaitingDecision =>
  decision.kind === 'unrouted' &&
  decision.resolution?.kind === 'unknown' &&
  decision.resolution.name.length <= maxMentionLength &&
  alert.transition !== 'recovered';

export const waiting = (decision: WaitingDecision, wait: Wait): WaitingDecision => ({
  ...decision,
  record: { ...decision.record, ...wait },
});

/**
 * Returns the pages for those of the named handles of an alert that are known now. They have the content and the page ids that
 * they would have had when the alert was routed.
 */
export function latePages(
  event: Event<Alert>,
  names: ReadonlySet<string>,
  registry: Registry,
  now: Date,
): (PageDecision | SamePageDecision)[] {
  const pages = new Pages(event, registry, now);
  return mentionsOf(event.data).flatMap((mention) => {
    if (!names.has(plainName(mention))) return [];
    const resolution = registry.resolve(event.data.sourceOrg, mention, now, false);
    return resolution.kind === 'routed' ? [late(pages.decide(mention, resolution))] : [];
  });
}

function late(decision: PageDecision | SamePageDecision): PageDecision | SamePageDecision {
  if (decision.kind === 'same-page') return decision;
  const { command } = decision;
  return { ...decision, command: { ...command, tags: [lateTag, ...command.tags] } };
}
