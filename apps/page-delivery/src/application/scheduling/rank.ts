import type { Step } from '../../domain/page.ts';
import type { Job } from './job.ts';

/** What goes first where not everything can go: the urgent before the rest, a page before the end of one. */
export const byRank = ['high/create', 'high/resolve', 'low/create', 'low/resolve'] as const;
export type Rank = (typeof byRank)[number];

// A table: text that is put together anew for every step of every page is hashed anew as well.
const ranks = {
  high: { create: 'high/create', resolve: 'high/resolve' },
  low: { create: 'low/create', resolve: 'low/resolve' },
} as const;
export const rankOf = ({ urgency, step }: Pick<Job, 'step' | 'urgency'>): Rank => ranks[urgency][step];

const steps: Record<Rank, Step> = {
  'high/create': 'create',
  'high/resolve': 'resolve',
  'low/create': 'create',
  'low/resolve': 'resolve',
};
export const stepOf = (rank: Rank): Step => steps[rank];
