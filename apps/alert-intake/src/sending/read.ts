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

/** No source sends as many members that cannot be read. */
const maxRefused = 100;

/**
 * Reads the members of a request, and passes its alerts on. Returns up to a hundred refusals; the last one says how many more there were,
 * which are not kept. Throws a Problem if not a single member can be read.
 */
export async function readAll(
  { members, read, requestOf, notes = [], cure }: Reading,
  inPieces: (members: Iterable<[number, unknown]>, work: (member: [number, unknown]) => void) => Promise<void>,
  take: (alert: SourceAlert, member: unknown) => void,
): Promise<{ readonly refused: readonly Refused[]; readonly unreadable: number }> {
  const refusals: Refusal[] = [];
  let unreadable = 0;
  await inPieces(members.entries(), ([index, member]) => {
    const alert = read(member, index);
    if (!('reason' in alert)) take(alert, member);
    else {
      unreadable += 1;
      if (unreadable <= maxRefused) refusals.push(alert);
    }
  });
  const [first] = refusals;
  const last = refusals.at(-1);
  if (first && unreadable === members.length) {
    understood({ field: first.place, message: first.reason + andMore(unreadable - 1), cure });
  }
  const more = andMore(unreadable - refusals.length);
  if (last && more) refusals[refusals.length - 1] = { ...last, reason: `${last.reason}${more}, and are not stored` };
  const refused = [...notes, ...refusals].map(({ members: its, ...rest }) => ({ ...rest, request: requestOf(its) }));
  return { refused, unreadable: notes.length + unreadable };
}

const andMore = (many: number): string => (many > 0 ? `; and ${many} more are not valid` : '');
