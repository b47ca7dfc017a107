import type { AlertState, Command } from '@pagebridge/contracts';
import type { OutcomeEvent } from '../outcomes.ts';
import type { Refused } from './refused.ts';

export interface Replay {
  /** The position of the dead letter, so that one replay is one new attempt however often it is delivered. */
  readonly from: string;
  readonly possibleDuplicate: boolean;
  /** Whether the replay requests its own page, even if it would join an open one. */
  readonly forceNewPage?: boolean;
}

/** A command, with its position and the attributes of its record. */
export interface ReceivedCommand<C extends Command = Command> {
  readonly command: C;
  readonly time: string;
  readonly traceparent?: string;
  readonly offset: number;
  readonly replay?: Replay;
}

/** Returns the alert record that orders the command. A replay is ordered by its time alone: it comes after newer commands. */
export const recordOf = ({ command, replay }: ReceivedCommand): string | undefined =>
  replay ? undefined : command.alertRecord;

/** `events` are the outcomes of commands without their own page; the outcomes of pages follow from the state. */
export interface Decision {
  readonly state: AlertState;
  readonly events: readonly OutcomeEvent[];
  /** Set if there is no room for the page, whose command is then parked unchanged in the dead letters. */
  readonly refused?: Refused;
}

export interface RefusedCommand {
  readonly received: ReceivedCommand;
  readonly refused: Refused;
}
