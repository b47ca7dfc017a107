/** Single changes of an alert, with which the specs of other packages build its states. */
export { applyAnswer, giveUp } from './attempts/apply-answer.ts';
export { begin } from './attempts/attempt.ts';
export { failOver } from './failover/failover.ts';
export { unreportedOutcomes } from './outcomes.ts';
export { isEnded, stateIn } from './page.ts';
