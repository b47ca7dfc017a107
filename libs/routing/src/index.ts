/** Whom an alert pages, by the registry of handles: the same answer for the same arguments. Does no I/O. */
export { AlertTopics } from './alert-topics.ts';
export { decide, isRecovery, type Registry, resolveDecision } from './decide.ts';
export {
  type Decision,
  type GapOf,
  type PageDecision,
  type Refused,
  type SamePageDecision,
  type Unknown,
  type UnroutedDecision,
  unknownNameOf,
  type Verdict,
} from './decision.ts';
export { type Failover, failoverResults } from './failover.ts';
export { factIdOf } from './ids.ts';
export { Pages } from './pages.ts';
export { whyFirst } from './words/claims.ts';
export { displayHandle } from './words/page-text.ts';
