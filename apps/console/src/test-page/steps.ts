import type { State } from '../look/state-mark.tsx';

/** A record about a test page, as `libs/trace` tells it; here with what the steps need of it. */
export type Hop = { readonly at: string } & (
  | { readonly kind: 'page'; readonly command: { readonly pageId: string } }
  | { readonly kind: 'unrouted'; readonly unrouted: { readonly detail: string } }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'alert' | 'resolve' | 'dead-letter' | 'report' | 'unreadable' }
);

interface Outcome {
  readonly outcome: string;
  readonly attempts: number;
  readonly detail?: string;
  readonly destinationPageId?: string;
}

/** A step of a test page that was taken, or that is awaited: then it has no time. */
export interface Step {
  readonly state: State;
  readonly what: string;
  readonly at?: string;
  /** What is known beside it, such as the id of the page. */
  readonly detail?: string | undefined;
}

const outcomeIn = (hops: readonly Hop[], ...kinds: readonly string[]) =>
  hops.flatMap((hop) => (hop.kind === 'outcome' && kinds.includes(hop.outcome.outcome) ? [hop] : [])).at(-1);

export const isAccepted = (hops: readonly Hop[]): boolean => outcomeIn(hops, 'delivered') !== undefined;

/** Returns whether nothing more is to be expected of a test page. */
export const isOver = (hops: readonly Hop[]): boolean => outcomeIn(hops, 'resolved', 'unresolved') !== undefined;

/** Returns the steps of a test page that were taken, and the one that is awaited. */
export function stepsOf(sentAt: string, hops: readonly Hop[], destination: string): readonly Step[] {
  const sent: Step = { state: 'passed', what: 'Sent', at: sentAt };
  const routed = hops.find((hop) => hop.kind === 'page' || hop.kind === 'unrouted');
  if (!routed) return [sent, awaited('Waits to be read by page-routing')];
  const { at } = routed;
  if (routed.kind === 'unrouted') {
    const { detail } = routed.unrouted;
    return [sent, { state: 'not-paged', what: 'Read by page-routing, pages nobody', at, detail }];
  }
  const { pageId } = routed.command;
  const commanded: Step = { state: 'passed', what: 'Read by page-routing, page commanded', at, detail: pageId };
  return [sent, commanded, ...delivery(hops, destination)];
}

function delivery(hops: readonly Hop[], destination: string): readonly Step[] {
  const accepted = outcomeIn(hops, 'delivered');
  if (!accepted) {
    const last = outcomeIn(hops, 'retried', 'undeliverable', 'superseded');
    if (!last) return [awaited(`Waits to be accepted by ${destination}`)];
    const { outcome, attempts, detail } = last.outcome;
    const what = `Not accepted after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
    return [{ state: outcome === 'retried' ? 'waiting' : 'failed', what, at: last.at, detail }];
  }
  const { destinationPageId } = accepted.outcome;
  const paged: Step = {
    state: 'paged',
    what: `Accepted by ${destination}`,
    at: accepted.at,
    detail: destinationPageId,
  };
  const end = outcomeIn(hops, 'resolved', 'unresolved');
  if (!end) return [paged, awaited('Waits to be resolved')];
  if (end.outcome.outcome === 'resolved') return [paged, { state: 'resolved', what: 'Resolved', at: end.at }];
  return [paged, { state: 'warning', what: 'Still open', at: end.at, detail: end.outcome.detail }];
}

const awaited = (what: string): Step => ({ state: 'waiting', what });

/** Returns how long after the first step another was taken: `+ 84 ms`, `+ 1.2 s`. */
export function after(first: string, at: string): string {
  const ms = Math.max(0, Date.parse(at) - Date.parse(first));
  return ms < 1000 ? `+ ${ms} ms` : `+ ${(ms / 1000).toFixed(1)} s`;
}
