import type { components as alertIntake } from './generated/alert-intake.d.ts';
import type { components as connectionManagement } from './generated/connection-management.d.ts';
import type { components as handleSync } from './generated/handle-sync.d.ts';
import type { components as pageHistory } from './generated/page-history.d.ts';
import type { components as pageRouting } from './generated/page-routing.d.ts';

type GatewayCode =
  | 'answer-lost'
  | 'foreign-page'
  | 'length-required'
  | 'login-refused'
  | 'other-person'
  | 'service-away'
  | 'session-over'
  | 'session-renew'
  | 'session-too-large'
  | 'signed-out'
  | 'token-not-taken';

/** The code of every problem that the services document, and of those of the gateway that reach a screen. */
export type Code =
  | connectionManagement['schemas']['ProblemAnswer']['code']
  | handleSync['schemas']['ProblemAnswer']['code']
  | pageRouting['schemas']['ProblemAnswer']['code']
  | pageHistory['schemas']['ProblemAnswer']['code']
  // What alert-intake answers to those who send alerts reaches no screen.
  | Extract<alertIntake['schemas']['ProblemAnswer']['code'], 'kafka-away' | 'too-many-test-pages'>
  | GatewayCode
  | 'console-answer-lost'
  | 'console-unreadable';
