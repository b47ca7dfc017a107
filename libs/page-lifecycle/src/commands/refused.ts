import type { DeadLetterReason } from '@pagebridge/vocabulary';

/** Why a command becomes a dead letter: there is no room for its page, or its alert takes no commands. */
export interface Refused {
  readonly reason: Extract<
    DeadLetterReason,
    'too-many-pages' | 'too-many-waiting' | 'ledger-unreadable' | 'unwritable'
  >;
  readonly detail: string;
}

/** Why an alert takes no commands: its record cannot be read, or Kafka does not take it. */
export type Obstacle = 'ledger-unreadable' | 'unwritable';

/** The pages that wait for a call in this process, and their memory, estimated. */
export interface Waiting {
  readonly pages: number;
  readonly bytes: number;
  /** Those of the source org of the alert. */
  readonly bytesOfOrg: number;
  /** The number of orgs with such pages. */
  readonly orgs: number;
  /** The memory that they may take; floods may double it. */
  readonly mostBytes: number;
}

/** What decides whether an alert takes commands, beside its own state. */
export interface Admission {
  readonly obstacle?: Obstacle | undefined;
  readonly waiting?: Waiting;
}

/** Returns why an alert of an org takes no command, or no further page that would have to wait. */
export function refusedFor(sourceOrg: string, { obstacle, waiting }: Admission): Refused | undefined {
  if (obstacle) return { reason: obstacle, detail: detailOf[obstacle] };
  return waiting && floodOf(sourceOrg, waiting);
}

/** Returns whether only pages that would have to wait are refused. */
export const isFlood = ({ reason }: Refused): boolean => reason === 'too-many-waiting';

const detailOf: Readonly<Record<Obstacle, string>> = {
  'ledger-unreadable': 'This version cannot read the ledger record of the alert.',
  unwritable: 'Kafka rejects the ledger record of the alert.',
};

/** Returns why no further page of an org may wait: too many pages wait, and the org has its even share of them. */
function floodOf(sourceOrg: string, { pages, bytes, bytesOfOrg, orgs, mostBytes }: Waiting): Refused | undefined {
  // The share shrinks towards twice the memory, which all orgs together never exceed. An org without pages has no share to exceed.
  if (bytes < mostBytes || orgs === 0 || bytesOfOrg < (2 * mostBytes - bytes) / orgs) return undefined;
  const mebibytes = Math.ceil(bytes / 1024 / 1024);
  const detail = `${pages} pages are waiting already and use ${mebibytes} MiB; ${sourceOrg} has used its share.`;
  return { reason: 'too-many-waiting', detail };
}
