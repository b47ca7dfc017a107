import { duration, type Hop } from '@pagebridge/trace/words';
import type { State } from '../look/state-mark.tsx';

type Told = Extract<Hop, { readonly kind: 'outcome' }>;

/** A step of a test page that was taken, or that is awaited: then it has no time. */
export interface Step {
  readonly state: State;
  /** Instead of the usual word for the state. */
  readonly word?: string;
  readonly text: string;
  readonly at?: string;
}

const outcomeIn = (hops: readonly Hop[], ...kinds: readonly string[]): Told | undefined =>
  hops.flatMap((hop) => (hop.kind === 'outcome' && kinds.includes(hop.outcome.outcome) ? [hop] : [])).at(-1);

export const isAccepted = (hops: readonly Hop[]): boolean => outcomeIn(hops, 'delivered') !== undefined;

/** Returns whether nothing more is to be expected of a test page. */
export const isOver = (hops: readonly Hop[]): boolean =>
  outcomeIn(hops, 'resolved', 'unresolved', 'superseded') !== undefined;

/** Returns the steps of a test page that were taken, and the one that is awaited. */
export function stepsOf(sentAt: string, hops: readonly Hop[], destination: string): readonly Step[] {
  const sent: Step = { state: 'passed', word: 'Sent', text: '', at: sentAt };
  const routed = hops.find((hop) => hop.kind === 'page' || hop.kind === 'unrouted');
  if (!routed) return [sent, awaited('for page-routing')];
  const { at } = routed;
  if (routed.kind === 'unrouted') return [sent, { state: 'not-paged', text: routed.unrouted.detail, at }];
  const text = `by page-routing: page ${routed.command.pageId}`;
  return [sent, { state: 'passed', word: 'Routed', text, at }, ...delivery(hops, destination)];
}

function delivery(hops: readonly Hop[], destination: string): readonly Step[] {
  const accepted = outcomeIn(hops, 'delivered');
  if (!accepted) return [notAccepted(hops, destination)];
  const { at, outcome } = accepted;
  const text = `by ${destination}, as ${outcome.destinationPageId ?? 'a page with unknown id'}`;
  const end = outcomeIn(hops, 'resolved', 'unresolved');
  return [{ state: 'paged', word: 'Accepted', text, at }, end ? ended(end) : awaited('for the resolution')];
}

function notAccepted(hops: readonly Hop[], destination: string): Step {
  const last = outcomeIn(hops, 'retried', 'undeliverable', 'superseded');
  if (!last) return awaited(`for ${destination} to accept the page`);
  const { outcome, attempts, detail = '' } = last.outcome;
  const text = `after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}. ${detail}`;
  return { state: outcome === 'retried' ? 'waiting' : 'failed', word: 'Not accepted', text, at: last.at };
}

function ended({ at, outcome: { outcome, detail = '' } }: Told): Step {
  if (outcome === 'resolved') return { state: 'resolved', word: 'Resolved', text: '', at };
  return { state: 'warning', word: 'Still open', text: detail, at };
}

const awaited = (text: string): Step => ({ state: 'waiting', text });

/** Returns how long after the first step another was taken; their clocks may differ. */
export const after = (first: string, at: string): string =>
  `+${duration(Math.max(0, Date.parse(at) - Date.parse(first)))}`;
