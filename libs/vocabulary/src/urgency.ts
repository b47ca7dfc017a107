import type { Priority, Transition } from './alert.ts';

export const urgencies = ['low', 'high'] as const;
export type Urgency = (typeof urgencies)[number];

/** A warning and a priority of P4 or P5 page with low urgency, everything else with high. */
export const urgencyOf = (transition: Transition, priority?: Priority): Urgency =>
  transition === 'warned' || priority === 'P4' || priority === 'P5' ? 'low' : 'high';
