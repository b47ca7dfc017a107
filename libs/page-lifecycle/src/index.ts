/** The life of a page: what changes the pages of an alert, and what follows. Pure: no I/O, no clock, no settings of its own. */
export type { Answer, Call } from './attempts/apply-answer.ts';
export { callOf } from './attempts/attempt.ts';
export { type Backoff, type Failed, retryOf } from './attempts/retry.ts';
export type { ReceivedCommand, RefusedCommand, Replay } from './commands/decision.ts';
export type { Admission, Waiting } from './commands/refused.ts';
export { type Tally, tallyOf } from './drain.ts';
export { due } from './due.ts';
export type { DueCall, Effect, Notice, PendingOutcome, Stepped } from './effects.ts';
export { waitingOf } from './ledger/heap-bytes.ts';
export type { IdleAlerts } from './ledger/idle-alerts.ts';
export { type Forgotten, LedgerReading, type Restored } from './ledger/ledger-reading.ts';
export { LedgerStates } from './ledger/ledger-states.ts';
export { type OutcomeEvent, outcomeId, reported, type UnreportedOutcome } from './outcomes.ts';
export { type CallKind, pageOf, workOf } from './page.ts';
export { commandWaitMs, type FoundText, isCommandOf, type PageText } from './page-text.ts';
export type { Policy } from './policy.ts';
export { requestOf } from './request.ts';
export { type Input, step, type Terms } from './step.ts';
