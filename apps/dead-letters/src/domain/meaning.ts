import {
  type Alert,
  Alerts,
  type Command,
  type IncomingRecord,
  type PageCommand,
  PageCommands,
} from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import { eventTime } from './event-time.ts';

/** What a page command orders, without its words. */
export type OrderedPage = Pick<PageCommand, 'pageId' | 'connectionId' | 'teamId' | 'urgency' | 'failoverOf'>;

/** What a record would do if it were sent again. */
export interface Meaning {
  readonly kind: 'trigger' | 'recovery';
  /** `<sourceOrg>/<alertKey>` */
  readonly identity: string;
  /** Of several letters with one subject only the newest is sent. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly happenedAt: number;
  /** Of a command that pages. */
  readonly page?: OrderedPage;
}

/** What a dead letter says; `as` and `why` tell what it is instead where it says nothing that could be sent. */
export type Reading =
  | { readonly ok: true; readonly value: Meaning }
  | { readonly ok: false; readonly as: 'unreadable' | 'stub' | 'batch'; readonly why: string };

/** What a record of a topic says about its alert, by the present contract; `seenAt` bounds clocks that run ahead. */
export function meaningOf(topic: string, record: IncomingRecord, seenAt: number): Reading {
  if (topic === Alerts.card.topic) {
    const read = Alerts.decode(record);
    return read.ok ? { ok: true, value: ofAlert(read.event.data, seenAt) } : unreadable(read);
  }
  if (topic === PageCommands.card.topic) {
    const read = PageCommands.decode(record);
    return read.ok ? { ok: true, value: ofCommand(read.event.data, seenAt) } : unreadable(read);
  }
  const why = `records of ${topic} are wishes and reports of their time; newer ones have taken their place`;
  return { ok: false, as: 'unreadable', why };
}

const unreadable = ({ reason, detail }: { reason: string; detail: string }) =>
  ({ ok: false, as: 'unreadable', why: `${reason}: ${detail}` }) as const;

function ofAlert({ sourceOrg, alertKey, transition, occurredAt }: Alert, seenAt: number): Meaning {
  const identity = alertIdentity(sourceOrg, alertKey);
  const kind = transition === 'recovered' ? 'recovery' : 'trigger';
  return { kind, identity, subject: `${kind} ${identity}`, happenedAt: eventTime(occurredAt, seenAt) };
}

// One alert may page several teams: each has a command of its own, and none replaces another. Nor does a backup replace a
// page of its own team, or one that stands in for another team.
function ofCommand(command: Command, seenAt: number): Meaning {
  const identity = alertIdentity(command.sourceOrg, command.alertKey);
  const happenedAt = eventTime(command.occurredAt, seenAt);
  if (command.kind === 'resolve') return { kind: 'recovery', identity, subject: `recovery ${identity}`, happenedAt };
  const { pageId, connectionId, teamId, urgency, failoverOf } = command;
  const instead = failoverOf ? ` for ${failoverOf.connectionId} ${failoverOf.teamId}` : '';
  const subject = `page ${connectionId} ${teamId}${instead} ${identity}`;
  const page = { pageId, connectionId, teamId, urgency, ...(failoverOf ? { failoverOf } : {}) };
  return { kind: 'trigger', identity, subject, happenedAt, page };
}
