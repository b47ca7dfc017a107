import type { PageCommand, ResolveCommand, UnroutedHandle } from '@pagebridge/contracts';
import type { Resolution, Routed } from '@pagebridge/handle-registry';
import type { DeadLetterReason } from '@pagebridge/vocabulary';
import type { Failover } from './failover.ts';

/** The resolution of an unknown handle. */
export type Unknown = Extract<Resolution, { kind: 'unknown' }> & {
  /** The part of the registry that may have the handle and was not read, and why. */
  readonly gap?: string | undefined;
};

/** The resolution of a handle that leads to no team. */
export type Unrouted = Exclude<Resolution, Routed | { kind: 'unknown' }> | Unknown;

/** Returns which part of the registry was not read that an org may need, and why; undefined if there is none. */
export type GapOf = (sourceOrg: string) => string | undefined;

interface OfMention {
  /** The text after `@oncall-`, including trailing punctuation. */
  readonly mention: string;
}

interface MayFallBack {
  /** Set if the mention is unknown; then `resolution` is that of the org's fallback handle. */
  readonly fallbackFor: Unknown | undefined;
}

/** The handle pages a team. */
export interface PageDecision extends OfMention, MayFallBack {
  readonly kind: 'page';
  readonly resolution: Routed;
  readonly command: PageCommand;
  /** Set if the connection names a backup: the order, which is also in the command, or why the page has no backup. */
  readonly failover: Failover | undefined;
}

/** The handle shares the page of another handle of the alert, for the same team over the same connection. */
export interface SamePageDecision extends OfMention, MayFallBack {
  readonly kind: 'same-page';
  readonly resolution: Routed;
  readonly pageId: string;
}

/** The handle pages nobody; the record has the reason. There is no `resolution` for a manual alert, whose handles are not looked up. */
export interface UnroutedDecision extends OfMention {
  readonly kind: 'unrouted';
  readonly resolution?: Unrouted;
  readonly record: UnroutedHandle;
}

/** The alert has recovered, and its pages are resolved. */
export interface ResolveDecision {
  readonly kind: 'resolve';
  readonly command: ResolveCommand;
}

export type Decision = PageDecision | SamePageDecision | UnroutedDecision | ResolveDecision;

/** The whole alert is refused and parked. */
export interface Refused {
  readonly ok: false;
  readonly reason: Extract<DeadLetterReason, 'too-many-handles' | 'too-old' | 'foreign-source-org' | 'not-its-topic'>;
  /** The fault and the cure, for a person. */
  readonly detail: string;
}

/** The result of deciding on an alert. */
export type Verdict = { readonly ok: true; readonly decisions: readonly Decision[] } | Refused;

/** Returns the name of an unknown mention, also if the fallback is paged; undefined for any other decision. */
export function unknownNameOf(decision: Decision): string | undefined {
  switch (decision.kind) {
    case 'page':
    case 'same-page':
      return decision.fallbackFor?.name;
    case 'unrouted':
      return decision.resolution?.kind === 'unknown' ? decision.resolution.name : undefined;
    case 'resolve':
      return undefined;
  }
}
