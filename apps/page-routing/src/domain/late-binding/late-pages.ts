import type { Alert, Event, UnroutedHandle } from '@pagebridge/contracts';
import { plainName } from '@pagebridge/handle-registry';
import { maxMentionLength } from '@pagebridge/vocabulary';
import type { Registry } from '../decide.ts';
import type { Decision, PageDecision, SamePageDecision, UnroutedDecision } from '../decision.ts';
import { mentionsOf } from '../mentions.ts';
import { Pages } from '../pages.ts';

/** On a page whose handle became known after its alert had fired. */
export const lateTag = 'late';

/** What the record of a handle that waits says of it. */
export type Wait = Pick<UnroutedHandle, 'alert' | 'waitingUntil'>;

/** A decision by which a handle may wait. */
export type WaitingDecision = UnroutedDecision & { readonly resolution: { readonly kind: 'unknown' } };

/** Does the handle page if it becomes known? Only what is unknown does, in an alert that pages, if a team may be called so. */
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
 * The pages of those handles of an alert, by their names, that are known now, as they would have been made when it fired: a page of
 * theirs that was made then has the same id.
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
    const resolution = registry.resolve(event.data.sourceOrg, mention, now);
    return resolution.kind === 'routed' ? [late(pages.decide(mention, resolution))] : [];
  });
}

function late(decision: PageDecision | SamePageDecision): PageDecision | SamePageDecision {
  if (decision.kind === 'same-page') return decision;
  const { command } = decision;
  return { ...decision, command: { ...command, tags: [lateTag, ...command.tags] } };
}
