import type { Step } from '../../domain/page.ts';
import type { Job } from './job.ts';

/** What goes first where not everything can go: the urgent before the rest, a page before the end of one. */
export const byRank = ['high/create', 'high/resolve', 'low/create', 'low/resolve'] as const;
export type Rank = (typeof byRank)[number];

export const rankOf = ({ urgency, step }: Pick<Job, 'step' | 'urgency'>): Rank => `${urgency}/${step}`;

const steps: Record<Rank, Step> = {
  'high/create': 'create',
  'high/resolve': 'resolve',
  'low/create': 'create',
  'low/resolve': 'resolve',
};
export const stepOf = (rank: Rank): Step => steps[rank];
