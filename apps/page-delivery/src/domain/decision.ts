import type { AlertState, Command } from '@pagebridge/contracts';
import type { Fact } from './report.ts';

/** A command with what is needed to write it again as a dead letter. */
export interface Taken<C extends Command = Command> {
  readonly command: C;
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly traceparent?: string;
  readonly offset: number;
}

/** `facts` are outcomes of commands that leave no page of their own; those of pages follow from the state. */
export interface Decision {
  readonly state: AlertState;
  readonly facts: readonly Fact[];
  /** The command finds no room: it goes to the dead letters as it came. */
  readonly refused?: { readonly reason: 'too-many-pages'; readonly detail: string };
}
