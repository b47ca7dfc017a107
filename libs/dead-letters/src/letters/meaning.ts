import {
  type Alert,
  Alerts,
  alertsCardOf,
  type Command,
  type IncomingRecord,
  PageCommands,
  timeOfEvent,
} from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';

/** The effect of a record when it is replayed. */
export interface Meaning {
  readonly kind: 'trigger' | 'recovery';
  /** `<sourceOrg>/<alertKey>` */
  readonly identity: string;
  /** Of several letters with the same subject only the newest is sent. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly happenedAt: number;
  /** Set for a command; without the text of a page, which may have a megabyte. */
  readonly command?: Command;
}

/** The meaning of a dead letter, or the kind (`as`) and the reason (`why`) of a letter that has none. */
export type Reading =
  | { readonly ok: true; readonly value: Meaning }
  | { readonly ok: false; readonly as: 'unreadable' | 'stub' | 'batch'; readonly why: string };

/** Returns the meaning of a record under the present contract; `seenAt` caps clocks that run ahead. */
export function meaningOf(topic: string, record: IncomingRecord, seenAt: number): Reading {
  if (alertsCardOf(topic)) {
    const read = Alerts.decode(record);
    return read.ok ? { ok: true, value: ofAlert(read.event.data, seenAt) } : unreadable(read);
  }
  if (topic === PageCommands.card.topic) {
    const read = PageCommands.decode(record);
    return read.ok ? { ok: true, value: ofCommand(read.event.data, seenAt) } : unreadable(read);
  }
  const why = `records of ${topic} are not replayed, because newer records have replaced them`;
  return { ok: false, as: 'unreadable', why };
}

const unreadable = ({ reason, detail }: { reason: string; detail: string }) =>
  ({ ok: false, as: 'unreadable', why: `${reason}: ${detail}` }) as const;

function ofAlert({ sourceOrg, alertKey, transition, occurredAt }: Alert, seenAt: number): Meaning {
  const identity = alertIdentity(sourceOrg, alertKey);
  const kind = transition === 'recovered' ? 'recovery' : 'trigger';
  return { kind, identity, subject: `${kind} ${identity}`, happenedAt: timeOfEvent(occurredAt, seenAt) };
}

// One alert may page several teams, and no command replaces that of another team. A backup page replaces neither a page to
// the same team nor the backup page of another team.
function ofCommand(command: Command, seenAt: number): Meaning {
  const identity = alertIdentity(command.sourceOrg, command.alertKey);
  const happenedAt = timeOfEvent(command.occurredAt, seenAt);
  if (command.kind === 'resolve')
    return { kind: 'recovery', identity, subject: `recovery ${identity}`, happenedAt, command };
  const { connectionId, teamId, failoverOf } = command;
  const standIn = failoverOf ? ` for ${failoverOf.connectionId} ${failoverOf.teamId}` : '';
  const subject = `page ${connectionId} ${teamId}${standIn} ${identity}`;
  const bare = { ...command, description: '', tags: [], links: [] };
  return { kind: 'trigger', identity, subject, happenedAt, command: bare };
}
