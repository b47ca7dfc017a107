import type { AlertState, Command } from '@pagebridge/contracts';
import type { OutcomeEvent } from '../outcomes.ts';

export interface Replay {
  /** The position of the dead letter, so that one replay is one new attempt however often it is delivered. */
  readonly from: string;
  readonly possibleDuplicate: boolean;
  /** Whether the replay requests its own page, even if it would join an open one. */
  readonly pageAnew?: boolean;
}

/** A command, with the attributes that its dead letter would need. */
export interface ReceivedCommand<C extends Command = Command> {
  readonly command: C;
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly traceparent?: string;
  readonly offset: number;
  readonly replay?: Replay;
}

/** `events` are the outcomes of commands without their own page; the outcomes of pages follow from the state. */
export interface Decision {
  readonly state: AlertState;
  readonly events: readonly OutcomeEvent[];
  /** Set if the alert has no room for the command, which is then parked unchanged in the dead letters. */
  readonly refused?: { readonly reason: 'too-many-pages'; readonly detail: string };
}
