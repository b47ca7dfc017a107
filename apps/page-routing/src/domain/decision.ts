import type { PageCommand, ResolveCommand, UnroutedHandle } from '@pagebridge/contracts';
import type { Resolution, Routed } from '@pagebridge/handle-registry';
import type { Failover } from './failover.ts';

/** What an unknown handle means to the registry. */
export type Unknown = Extract<Resolution, { kind: 'unknown' }>;

interface OfMention {
  /** The text after `@oncall-`, trailing punctuation included. */
  readonly mention: string;
}

interface MayFallBack {
  /** Set where the mention is unknown, and its org's fallback handle is what was resolved. */
  readonly fallbackFor: Unknown | undefined;
}

/** A team is paged. */
export interface PageDecision extends OfMention, MayFallBack {
  readonly kind: 'page';
  readonly resolution: Routed;
  readonly command: PageCommand;
  /** Set where the connection names a backup: its order stands in the command, or there is none and why. */
  readonly failover: Failover | undefined;
}

/** Another handle of the same alert leads to the same team over the same connection: one page is enough. */
export interface SamePageDecision extends OfMention, MayFallBack {
  readonly kind: 'same-page';
  readonly resolution: Routed;
  readonly pageId: string;
}

/** The handle becomes no page; the record says why. Without a resolution where the registry was not asked. */
export interface UnroutedDecision extends OfMention {
  readonly kind: 'unrouted';
  readonly resolution?: Exclude<Resolution, Routed>;
  readonly record: UnroutedHandle;
}

/** The alert has recovered: its pages end. */
export interface ResolveDecision {
  readonly kind: 'resolve';
  readonly command: ResolveCommand;
}

export type Decision = PageDecision | SamePageDecision | UnroutedDecision | ResolveDecision;

/** The alert as a whole is not routed: it cannot be meant, or nobody wants to hear of it any more. */
export interface Refused {
  readonly ok: false;
  readonly reason: 'too-many-handles' | 'too-old' | 'foreign-source-org' | 'not-its-topic';
  /** What is wrong and what helps, for a person. */
  readonly detail: string;
}

/** What becomes of an alert. */
export type Verdict = { readonly ok: true; readonly decisions: readonly Decision[] } | Refused;

/** The name of the mention that nothing matched, paged by the fallback or not; undefined for any other decision. */
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
