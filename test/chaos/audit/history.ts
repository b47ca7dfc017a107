import type {
  Alert,
  AlertState,
  Command,
  Connection,
  Handle,
  PageOutcome,
  UnroutedHandle,
} from '@pagebridge/contracts';

/** A record of a topic with what it says. `digest` names its bytes. */
export interface Entry<Data> {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds, when it was written. */
  readonly timestamp: number;
  readonly key: string;
  readonly eventId: string;
  readonly digest: string;
  readonly data: Data;
}

/** What the producer sent; `alert` is absent for what nobody can read. Not acknowledged: it may be in the topic or not. */
export interface Sent {
  readonly eventId: string;
  readonly key: string;
  readonly digest: string;
  readonly acknowledged: boolean;
  readonly alert?: Alert;
}

/**
 * A record of the alerts topic that a hostile producer wrote, also in a transaction that was never committed. `alert` is
 * absent for what nobody can read.
 */
export interface HostileRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** What it looks like, for who searches. */
  readonly looks: string;
  readonly alert?: { readonly eventId: string; readonly data: Alert };
}

/** Where what is set aside stood in its topic: one record, or those of a batch from `first` to `last`. */
export interface Stood {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

/** `pageId` for a page command that was given up; none where the original is not in it. */
export interface DeadLetter {
  readonly topic: string;
  readonly stood?: Stood;
  readonly key: string;
  readonly digest: string;
  readonly reason: string;
  readonly pageId?: string;
}

/** A page as the destination has it. `pageId` is what its tag says, '' where it has none. */
export interface DestinationPage {
  readonly org: string;
  readonly id: string;
  readonly pageId: string;
  readonly tagged: boolean;
  readonly resolved: boolean;
  /** Milliseconds. */
  readonly createdAt: number;
}

/** A team as its destination has it in the end. */
export interface DestinationTeam {
  readonly id: string;
  readonly isOnCall: boolean;
}

/** A record of a compacted topic; without `data` it says that there is no such thing any more. */
export interface Noted<Data> {
  readonly key: string;
  /** Milliseconds, when it was written. */
  readonly timestamp: number;
  readonly data?: Data;
}

/** Everything an audit looks at; the records of a partition are in the order of the log. */
export interface History {
  readonly connections: readonly Noted<Connection>[];
  readonly handles: readonly Noted<Handle>[];
  readonly sent: readonly Sent[];
  /** Of the healthy source orgs alone. */
  readonly alerts: readonly Entry<Alert>[];
  readonly hostile: readonly HostileRecord[];
  readonly commands: readonly Entry<Command>[];
  readonly unrouted: readonly Entry<UnroutedHandle>[];
  readonly outcomes: readonly Entry<PageOutcome>[];
  readonly states: readonly Entry<AlertState>[];
  readonly deadLetters: readonly DeadLetter[];
  readonly pages: readonly DestinationPage[];
  readonly teams: readonly DestinationTeam[];
}

export const emptyHistory: History = {
  connections: [],
  handles: [],
  sent: [],
  alerts: [],
  hostile: [],
  commands: [],
  unrouted: [],
  outcomes: [],
  states: [],
  deadLetters: [],
  pages: [],
  teams: [],
};
