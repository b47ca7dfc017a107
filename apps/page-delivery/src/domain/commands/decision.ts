import type { AlertState, Command } from '@pagebridge/contracts';
import type { Fact } from '../report.ts';

export interface Replay {
  /** Names the dead letter, so that one replay is one new attempt however often it is read. */
  readonly from: string;
  /** An attempt before it was given up may have created the page. */
  readonly possibleDuplicate: boolean;
  /** Whoever sent it wants a page of its own, also where one is open that it would join. */
  readonly pageAnew?: boolean;
}

/** A command with what is needed to write it again as a dead letter. */
export interface Taken<C extends Command = Command> {
  readonly command: C;
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly traceparent?: string;
  readonly offset: number;
  /** It was a dead letter, and somebody sent it again. */
  readonly replay?: Replay;
}

/** `facts` are outcomes of commands that leave no page of their own; those of pages follow from the state. */
export interface Decision {
  readonly state: AlertState;
  readonly facts: readonly Fact[];
  /** The command finds no room: it goes to the dead letters as it came. */
  readonly refused?: { readonly reason: 'too-many-pages'; readonly detail: string };
}
