import type { AlertState, Command } from '@pagebridge/contracts';
import type { OutcomeEvent } from '../outcomes.ts';

export interface Replay {
  /** Names the dead letter, so that one replay is one new attempt however often it is read. */
  readonly from: string;
  readonly possibleDuplicate: boolean;
  /** The replay asks for a page of its own, also where it would join an open one. */
  readonly pageAnew?: boolean;
}

/** A command, with what its dead letter would need. */
export interface ReceivedCommand<C extends Command = Command> {
  readonly command: C;
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly traceparent?: string;
  readonly offset: number;
  readonly replay?: Replay;
}

/** `events` are outcomes of commands without a page of their own; those of pages follow from the state. */
export interface Decision {
  readonly state: AlertState;
  readonly events: readonly OutcomeEvent[];
  /** The alert has no room for the command: it goes to the dead letters as it came. */
  readonly refused?: { readonly reason: 'too-many-pages'; readonly detail: string };
}
