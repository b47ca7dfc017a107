import type { Step } from '../../domain/page.ts';
import type { Job } from './job.ts';

/** The order of calls: urgent calls first, and creates before resolves. */
export const ranks = ['high/create', 'high/resolve', 'low/create', 'low/resolve'] as const;
export type Rank = (typeof ranks)[number];

// A table, because a string that is concatenated for each job would be hashed again for each job.
const rankTable = {
  high: { create: 'high/create', resolve: 'high/resolve' },
  low: { create: 'low/create', resolve: 'low/resolve' },
} as const;
export const rankOf = ({ urgency, step }: Pick<Job, 'step' | 'urgency'>): Rank => rankTable[urgency][step];

export const stepOf = (rank: Rank): Step => (rank.endsWith('create') ? 'create' : 'resolve');
