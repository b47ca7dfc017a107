import type { AlertState } from '@pagebridge/contracts';
import { callOf } from './attempts/attempt.ts';
import type { Effect } from './effects.ts';

/** Single changes of an alert, with which the specs of other packages build its states. */
export { applyAnswer, giveUp } from './attempts/apply-answer.ts';
export { begin } from './attempts/attempt.ts';
export { decide } from './commands/decide.ts';
export { failOver } from './failover/failover.ts';
export { unreportedOutcomes } from './outcomes.ts';
export { isEnded, stateIn } from './page.ts';

/** Returns the effects of one kind. */
export const ofKind = <Kind extends Effect['kind']>(effects: readonly Effect[], kind: Kind) =>
  effects.filter((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind);

/** Returns whether the create of a page that has begun may still be sent. */
export const isStillWanted = (state: AlertState | undefined, pageId: string): boolean =>
  callOf(state, pageId, new Date(0))?.kind === 'create';
