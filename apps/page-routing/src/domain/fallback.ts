import type { ConnectionSummary, HandleRegistry, Resolution, Routed } from '@pagebridge/handle-registry';
import { handleOf } from '@pagebridge/vocabulary';
import { alternativeTo } from './claims.ts';
import type { Unknown } from './decision.ts';
import { cureOf, stateOf } from './out-of-use.ts';
import { shown } from './page-text.ts';

// Room for the names in the note on a page; the message must keep its own.
const maxNamesLength = 1200;

/** The handle that an org settled for unknown ones, and what it means now. */
export interface Fallback {
  readonly handle: string;
  readonly resolution: Resolution;
}

/** An org's fallback; undefined where none is settled. One step and no further: a fallback has no fallback. */
export function fallbackOf(
  registry: Pick<HandleRegistry, 'resolve' | 'fallbackHandleOf'>,
  sourceOrg: string,
  now: Date,
): Fallback | undefined {
  const handle = registry.fallbackHandleOf(sourceOrg);
  return handle === undefined ? undefined : { handle, resolution: registry.resolve(sourceOrg, handle, now) };
}

/** Why the fallback pages nobody either, with a cure; it follows the reason for which the handle itself does not. */
export function whyNotFallback({ handle, resolution }: Fallback): string {
  const said = `The fallback ${handleOf(handle)}`;
  switch (resolution.kind) {
    case 'unknown':
      return `${said} is unknown too. Settle another.`;
    case 'local':
      return `${said} is one of the org's own, which are not paged from here. Settle another.`;
    case 'connection-disabled':
      return whyNotOver(said, resolution.connection, alternativeTo(resolution)?.qualifiedHandle ?? 'another');
    case 'routed':
      throw new RangeError('this fallback pages a team');
  }
}

const whyNotOver = (said: string, connection: ConnectionSummary, other: string): string =>
  `${said} is known to connection "${connection.name}", which ${stateOf(connection)}. ${cureOf(connection, `settle ${other}`)}`;

/** What the paged team is told first: which handles are unknown, what was probably meant, and why it is asked instead. */
export function noteFor(sourceOrg: string, unknown: readonly Unknown[], { name }: Routed): string {
  const isOne = unknown.length === 1;
  return `${listed(unknown)} ${isOne ? 'is' : 'are'} unknown in source org ${sourceOrg}. ${isOne ? 'Its' : 'Their'} fallback ${handleOf(name)} is paged instead.`;
}

function listed(unknown: readonly Unknown[]): string {
  const names = unknown.map(({ name, nearest }) => {
    const hint = nearest ? ` (nearest known: ${nearest.handle})` : '';
    return `${shown(name)}${hint}`;
  });
  let length = 0;
  const first = names.filter((name, i) => {
    length += name.length + 2;
    return i === 0 || length <= maxNamesLength;
  });
  const rest = names.length - first.length;
  return rest > 0 ? `${first.join(', ')} and ${rest} more` : first.join(', ');
}
