import type {
  Alert,
  AlertState,
  Command,
  Connection,
  ConnectionReport,
  Handle,
  PageOutcome,
  UnroutedHandle,
} from '@pagebridge/contracts';

export type FindingKind =
  | 'lost'
  | 'duplicateUntagged'
  | 'duplicateTagged'
  | 'orderViolation'
  | 'unroutedWrongly'
  | 'tracedWrongly'
  | 'joinedClosed'
  | 'hostileUnaccounted';

/** A broken promise, or with `duplicateTagged` a page with the tag of a possible duplicate. */
export interface Finding {
  readonly kind: FindingKind;
  /** The broken rule of the README. */
  readonly rule: string;
  /** The alert identity, `<sourceOrg>/<alertKey>`; empty if unknown. */
  readonly key: string;
  /** The id of the alert event or of the page. */
  readonly id: string;
  readonly detail: string;
}

/** A decoded record of a topic. `digest` is a hash of its bytes. */
export interface Entry<Data> {
  readonly partition: number;
  readonly offset: number;
  /** The timestamp of the record in milliseconds. */
  readonly timestamp: number;
  readonly key: string;
  readonly eventId: string;
  readonly digest: string;
  readonly data: Data;
}

/** An event of the load; `alert` is absent for an undecodable one. An unacknowledged event may or may not be in the topic. */
export interface Sent {
  readonly eventId: string;
  readonly key: string;
  readonly digest: string;
  readonly acknowledged: boolean;
  readonly alert?: Alert;
}

/**
 * A record that a hostile producer wrote to the alerts topic, even in a transaction that was never committed. `alert` is
 * absent if the record is undecodable.
 */
export interface HostileRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** A description for diagnosis. */
  readonly looks: string;
  readonly alert?: { readonly eventId: string; readonly data: Alert };
}

/** A hostile request over HTTP that was answered, and how many of its alerts, whose names begin with `run`, the answer says are published. */
export interface AnsweredRequest {
  readonly run: string;
  /** A description for diagnosis. */
  readonly looks: string;
  readonly status: number;
  readonly published: number;
}

/** The original place of a parked record, or of the records of a parked batch from `first` to `last`. */
export interface OriginalPlace {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

/** `pageId` is set for an undeliverable page command; absent if the original is not stored. */
export interface DeadLetter {
  readonly topic: string;
  readonly original?: OriginalPlace;
  readonly key: string;
  readonly digest: string;
  readonly reason: string;
  readonly pageId?: string;
}

/** A page in the destination. `pageId` is the value of its tag; empty without one. */
export interface DestinationPage {
  readonly org: string;
  readonly id: string;
  readonly pageId: string;
  readonly tagged: boolean;
  readonly resolved: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The time at which a responder closed it; absent if nobody or Pagebridge did. */
  readonly closedThereAt?: number;
}

/** A list of the pages of a destination that was answered to an instance of page-delivery, in milliseconds since the epoch. */
export interface AnsweredPoll {
  readonly org: string;
  readonly reader: string;
  readonly from: number;
  readonly until: number;
}

/** The final state of a team in its destination. */
export interface DestinationTeam {
  readonly id: string;
  readonly isOnCall: boolean;
}

/** A fault that was made, from its start to its repair in milliseconds since the epoch. */
export interface MadeFault {
  readonly kind: string;
  /** A destination or a process. */
  readonly victim: string;
  readonly from: number;
  readonly until: number;
}

/** A record of a compacted topic; without `data` it is a tombstone. */
export interface TableRecord<Data> {
  readonly key: string;
  /** The timestamp of the record in milliseconds. */
  readonly timestamp: number;
  readonly data?: Data;
}

/** The input of an audit; the records of a partition are in the order of the log. */
export interface History {
  readonly connections: readonly TableRecord<Connection>[];
  readonly handles: readonly TableRecord<Handle>[];
  readonly sent: readonly Sent[];
  /** The alerts of the healthy source orgs only. */
  readonly alerts: readonly Entry<Alert>[];
  readonly hostile: readonly HostileRecord[];
  readonly requests: readonly AnsweredRequest[];
  readonly commands: readonly Entry<Command>[];
  readonly unrouted: readonly Entry<UnroutedHandle>[];
  readonly outcomes: readonly Entry<PageOutcome>[];
  readonly states: readonly Entry<AlertState>[];
  readonly reports: readonly Entry<ConnectionReport>[];
  readonly deadLetters: readonly DeadLetter[];
  readonly pages: readonly DestinationPage[];
  readonly teams: readonly DestinationTeam[];
  readonly polls: readonly AnsweredPoll[];
  readonly faults: readonly MadeFault[];
}

export const emptyHistory: History = {
  connections: [],
  handles: [],
  sent: [],
  alerts: [],
  hostile: [],
  requests: [],
  commands: [],
  unrouted: [],
  outcomes: [],
  states: [],
  reports: [],
  deadLetters: [],
  pages: [],
  teams: [],
  polls: [],
  faults: [],
};
