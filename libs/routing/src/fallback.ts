import type { ConnectionSummary, HandleRegistry, Resolution, Routed } from '@pagebridge/handle-registry';
import { handleOf } from '@pagebridge/vocabulary';
import type { Unknown } from './decision.ts';
import { alternativeTo } from './words/claims.ts';
import { cureOf, stateOf } from './words/out-of-use.ts';
import { displayHandle } from './words/page-text.ts';

// The limit for the names in the note on a page, which leaves room for the message.
const maxNamesLength = 1200;

/** The fallback handle of an org, with its resolution. */
export interface Fallback {
  readonly handle: string;
  readonly resolution: Resolution;
}

/** Returns the fallback of an org; undefined if it has none. A fallback that is unknown has no further fallback. */
export function fallbackOf(
  registry: Pick<HandleRegistry, 'resolve' | 'fallbackHandleOf'>,
  sourceOrg: string,
  now: Date,
): Fallback | undefined {
  const handle = registry.fallbackHandleOf(sourceOrg);
  return handle === undefined ? undefined : { handle, resolution: registry.resolve(sourceOrg, handle, now, false) };
}

/** Returns why the fallback pages nobody either, with the cure; this follows the reason for the handle itself. */
export function whyNotFallback({ handle, resolution }: Fallback): string {
  const subject = `The fallback ${handleOf(handle)}`;
  switch (resolution.kind) {
    case 'unknown':
      return `${subject} is also unknown. Configure another fallback.`;
    case 'local':
      return `${subject} is a local handle of the org, so it pages nobody. Configure another fallback.`;
    case 'connection-disabled':
      return whyNotOver(subject, resolution.connection, alternativeTo(resolution)?.qualifiedHandle ?? 'another');
    case 'routed':
      throw new RangeError('this fallback pages a team');
  }
}

const whyNotOver = (subject: string, connection: ConnectionSummary, other: string): string =>
  `${subject} belongs to connection "${connection.name}", which ${stateOf(connection)}. ${cureOf(connection, `configure ${other}`)}`;

/** Returns the note at the head of the page: which handles are unknown, the nearest known ones, and why this team is paged. */
export function noteFor(sourceOrg: string, unknown: readonly Unknown[], { name }: Routed): string {
  const isOne = unknown.length === 1;
  const [first] = unknown;
  const lacks = first?.gap ? ` (page-routing could not read all handles: ${first.gap})` : '';
  return `${listed(unknown)} ${isOne ? 'is' : 'are'} unknown in source org ${sourceOrg}${lacks}. ${isOne ? 'Its' : 'Their'} fallback ${handleOf(name)} is paged instead.`;
}

function listed(unknown: readonly Unknown[]): string {
  const names = unknown.map(({ name, nearest }) => {
    const hint = nearest ? ` (nearest known: ${nearest.handle})` : '';
    return `${displayHandle(name)}${hint}`;
  });
  let length = 0;
  const first = names.filter((name, i) => {
    length += name.length + 2;
    return i === 0 || length <= maxNamesLength;
  });
  const rest = names.length - first.length;
  return rest > 0 ? `${first.join(', ')} and ${rest} more` : first.join(', ');
}
