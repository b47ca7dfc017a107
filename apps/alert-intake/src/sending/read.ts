import { maxRefusedLength } from '@pagebridge/contracts';
import { Problem, serviceProblems } from '@pagebridge/service';
import type { Complaint, Reading, Refusal, SourceAlert } from '../alerts/source-alert.ts';
import { intakeProblems } from '../problems.ts';

const problems = { ...serviceProblems, ...intakeProblems };

/** Returns what a source has read. Throws a Problem for a complaint. */
export function understood<Read extends object>(read: Read | Complaint): Read {
  if (!('cure' in read && 'field' in read)) return read;
  const { problem = 'not-understood', ...error } = read;
  throw new Problem({ ...problems[problem], detail: `${error.message}. ${error.cure}`, errors: [error] });
}

/** What could not be read: where, why, and a request with it alone, which can be sent again. */
export interface Refused extends Omit<Refusal, 'members'> {
  readonly request: unknown;
}

/** What was read of a request, and how many of its members could not be read. */
export interface ReadRequest {
  readonly alerts: readonly SourceAlert[];
  readonly refused: readonly Refused[];
  readonly unreadable: number;
}

/** Reads all members of a request. Throws a Problem if none of them can be read. */
export function readAll({ members, read, requestOf, notes = [], cure }: Reading): ReadRequest {
  const alerts: SourceAlert[] = [];
  const refusals: Refusal[] = [];
  for (const [index, member] of members.entries()) {
    const alert = read(member, index);
    if ('reason' in alert) refusals.push(alert);
    else alerts.push(alert);
  }
  const [first] = refusals;
  if (first && alerts.length === 0) {
    understood({ field: first.place, message: first.reason + andMore(refusals.length - 1), cure });
  }
  const refused = [...notes, ...together(refusals)].map(({ members: those, ...its }) => ({
    ...its,
    request: requestOf(those),
  }));
  return { alerts, refused, unreadable: notes.length + refusals.length };
}

// No source sends as many: what is beyond is kept together, in as few requests as can hold it.
const mostAlone = 100;
// With room for what surrounds the members.
const mostTogether = maxRefusedLength - 100;

function together(refusals: readonly Refusal[]): readonly Refusal[] {
  const kept: Refusal[] = refusals.slice(0, mostAlone);
  const beyond = refusals.slice(mostAlone);
  let from = 0;
  let length = 0;
  for (const [index, { members }] of beyond.entries()) {
    const own = JSON.stringify(members).length;
    if (index > from && length + own > mostTogether) {
      kept.push(asOne(beyond.slice(from, index)));
      [from, length] = [index, 0];
    }
    length += own;
  }
  if (beyond.length > 0) kept.push(asOne(beyond.slice(from)));
  return kept;
}

function asOne(refusals: readonly Refusal[]): Refusal {
  const { place = '', reason = '' } = refusals[0] ?? {};
  const members = refusals.flatMap((each) => each.members);
  return { place, reason: reason + andMore(members.length - 1), members };
}

const andMore = (many: number): string => (many > 0 ? `; and ${many} more cannot be read` : '');
