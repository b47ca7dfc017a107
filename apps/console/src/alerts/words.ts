import { duration as exactly } from '@pagebridge/trace/words';
import type { State } from '../look/state-mark.tsx';
import { duration } from '../look/time/times.ts';
import type { Mention, MentionState } from './queries.ts';

/** Each state of a mention: its mark, its word, and how soon it needs somebody. */
export const stateWords = {
  undeliverable: ['failed', 'Given up'],
  unrouted: ['not-paged', 'Not paged'],
  waiting: ['waiting', 'Waiting'],
  unresolved: ['warning', 'Still open'],
  delivered: ['paged', 'Paged'],
  joined: ['joined', 'Joined'],
  superseded: ['resolved', 'Superseded'],
  resolved: ['resolved', 'Resolved'],
  late: ['skipped', 'Paged late'],
} as const satisfies Record<MentionState, readonly [State, string]>;

/** The filters by state; `untaken` is about open pages alone. */
export const stateFilters = [
  { value: 'untaken', label: 'Open, not acknowledged for 15 minutes' },
  ...Object.entries(stateWords).map(([value, [, label]]) => ({ value, label })),
];

/** Returns the mark and the word of a mention. */
export function markOf({ state, takenAt, closedThereAt }: Mention): readonly [State, string] {
  const [mark, word] = stateWords[state];
  if (closedThereAt) return [mark, 'Closed by a responder'];
  return [mark, takenAt && state === 'delivered' ? 'Acknowledged' : word];
}

const urgent = Object.keys(stateWords);

/** Returns mentions with those first that need somebody soonest. */
export const worstFirst = (mentions: readonly Mention[]): Mention[] =>
  mentions.toSorted((a, b) => urgent.indexOf(a.state) - urgent.indexOf(b.state));

/** Returns whom a mention pages: `core-infra over Globex EU`; the handle if it pages nobody. */
const whomOf = ({ teamHandle, connectionName, connectionId, handle }: Mention): string =>
  teamHandle === null ? handle : `${teamHandle} over ${connectionName ?? connectionId ?? 'an unknown connection'}`;

const msBetween = (from: string | null, to: string | null): number | undefined =>
  from && to ? Math.max(0, Date.parse(to) - Date.parse(from)) : undefined;

/** Returns whom a mention pages, and what became of it. `at`: when the alert came. Times are as the service writes them. */
export function becameOf(its: Mention, at: string): string {
  const why = its.detail ?? its.reason ?? '';
  const took = msBetween(at, its.acceptedAt);
  const open = msBetween(its.acceptedAt, its.closedThereAt ?? its.stateAt);
  const taken = its.takenAt && `acknowledged by a responder at ${its.takenAt}`;
  const closed = its.closedThereAt && `closed by a responder at ${its.closedThereAt} while the alert was firing`;
  const how = listed(its.backs === null ? '' : 'as the backup', its.possibleDuplicate ? 'possibly twice' : '');
  const whom = listed(whomOf(its), how);
  switch (its.state) {
    case 'delivered':
      return listed(whom, took === undefined ? '' : `after ${exactly(took)}`, taken);
    case 'resolved':
      return listed(whom, open === undefined ? '' : `open for ${duration(open)}`, taken, closed);
    case 'waiting':
      return listed(`${whom}: ${why || 'no attempt yet'}`, its.nextAttemptAt && `next attempt ${its.nextAttemptAt}`);
    case 'joined':
      return listed(whom, 'joined the open page');
    default:
      return why ? `${whom}: ${why}` : whom;
  }
}

const listed = (...parts: readonly (string | null)[]): string => parts.filter(Boolean).join(', ');
