/** The pages of an alert, and all that changes them. Pure: no I/O, no clock, no settings of its own. */
export type { Answer, Call } from './attempts/apply-answer.ts';
export { isStillWanted } from './attempts/attempt.ts';
export { decide } from './commands/decide.ts';
export { type ReceivedCommand, type Refused, type Replay, unreadable, unwritable } from './commands/decision.ts';
export { nothing, sum, type Tally, tallyOf } from './drain.ts';
export { due } from './due.ts';
export { instant } from './event-time.ts';
export { describedFor, failoverTags } from './failover/failover-note.ts';
export { type OutcomeEvent, outcomeId, reported, type UnreportedOutcome } from './outcomes.ts';
export { type CallKind, isBusy, pageOf, waitingSince, workOf } from './page.ts';
export { isCommandOf, type PageText, textWithoutCommand } from './page-text.ts';
export type { Policy } from './policy.ts';
export { waitingBytes } from './reading/heap-bytes.ts';
export { IdleAlerts } from './reading/idle-alerts.ts';
export { ledgerRecordOf } from './reading/ledger-record.ts';
export { LedgerStates } from './reading/ledger-states.ts';
export { type Forgotten, LedgerReading, type Restored } from './reading/reading.ts';
export { isForgettable, isIdle } from './retention.ts';
export {
  type Input,
  type Notice,
  type PendingOutcome,
  type RefusedCommand,
  type Stepped,
  step,
  type Terms,
} from './step.ts';
export { type GivenUp, whyUnusable } from './unusable.ts';
