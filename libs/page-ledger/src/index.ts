/** The pages of an alert as the ledger has them, and what a command does to them. Pure: no I/O, no clock, no settings of its own. */
export { backupOf } from './backup.ts';
export { decide } from './commands/decide.ts';
export { type ReceivedCommand, type Refused, type Replay, unreadable, unwritable } from './commands/decision.ts';
export { withNew } from './commands/room.ts';
export { eventTime, instant } from './event-time.ts';
export { failoverGroupOf, peersOf } from './failover-group.ts';
export {
  allReported,
  type OutcomeEvent,
  outcomeId,
  type Prospect,
  reported,
  retried,
  type UnreportedOutcome,
  unreportedKinds,
  unreportedOf,
  unreportedOutcomes,
} from './outcomes.ts';
export {
  agesFrom,
  isBusy,
  isEnded,
  pageOf,
  type Step,
  stateIn,
  waitingSince,
  withoutCall,
  withPage,
  workOf,
} from './page.ts';
export { isCommandOf, type PageText, textWithoutCommand, titleOf } from './page-text.ts';
export { latenessMs, maxBadAnswers, maxLivePages, type Policy } from './policy.ts';
export { type ReadPage, readBack } from './read-back.ts';
export { LedgerOrder } from './reading/ledger-order.ts';
export { type LedgerRecord, ledgerRecordOf, type Written } from './reading/ledger-record.ts';
export { LedgerStates } from './reading/ledger-states.ts';
export {
  cut,
  delivered,
  type GiveUpReason,
  resolved,
  resolving,
  superseded,
  undeliverable,
  unresolved,
} from './transitions.ts';
export { type GivenUp, whyUnusable } from './unusable.ts';
