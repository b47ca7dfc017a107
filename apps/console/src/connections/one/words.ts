import { counted } from '../../look/counted.ts';
import type { Words } from '../../look/notice/changed-fields.ts';
import type { Connection, ConnectionPatch } from '../queries.ts';

type NameOf = (id: string) => string;

/** Returns whom a connection pages if it is not accepted in time: `operations over Globex EU, after 120 s`. */
export function backupWords(failover: Connection['failover'], nameOf: NameOf): string {
  if (!failover) return 'none';
  const { teamHandle, connectionId, afterSeconds = 120, afterFailures } = failover;
  const failures = afterFailures === undefined ? '' : ` or ${afterFailures} failed calls`;
  return `${teamHandle} over ${nameOf(connectionId)}, after ${afterSeconds} s${failures}`;
}

/** What a snapshot shows of an alert; each shows what the one before shows too. */
export const shareWords: Record<Connection['share'], string> = {
  none: 'nothing',
  title: 'title and state',
  text: 'title, state and message',
  all: 'title, state, message, tags, links and steps',
};

type Share = Connection['share'];
const shares = Object.keys(shareWords);

/** Returns what to ask before links show more than they do now; undefined if they do not. */
export const widening = (now: Share, wanted: Share): string | undefined =>
  shares.indexOf(wanted) > shares.indexOf(now)
    ? `Anyone with a link of the last 7 days will see ${shareWords[wanted]}, without a login. Now they see ${shareWords[now]}.`
    : undefined;

/** Returns what people can change of a connection, in words. */
export const wordsOf = ({ name, slug, enabled, failover, share, credentials }: Connection, nameOf: NameOf): Words => ({
  name,
  slug,
  enabled: enabled ? 'yes' : 'no',
  backup: backupWords(failover, nameOf),
  shares: shareWords[share],
  keys: `revision ${credentials.revision}`,
});

/** Returns a backup as it is typed. */
export const backupFieldsOf = (its: Partial<NonNullable<Connection['failover']>> = {}) => ({
  connectionId: its.connectionId ?? '',
  teamHandle: its.teamHandle ?? '',
  afterSeconds: `${its.afterSeconds ?? ''}`,
  afterFailures: `${its.afterFailures ?? ''}`,
});

/** Returns what people can type of a connection, as it is. */
export const fieldsOf = ({ name, slug, failover }: Connection) => ({
  name,
  slug,
  failover: backupFieldsOf(failover ?? {}),
});
type Fields = ReturnType<typeof fieldsOf>;

/** Returns what the fields of a form change of a connection, and nothing that they leave as it is. */
export function patchFrom(fields: Fields, { name, slug, failover }: Connection): ConnectionPatch {
  const typed = { name: fields.name.trim(), slug: fields.slug.trim() };
  const wanted = failoverFrom(fields.failover);
  const isSame = backupWords(wanted, String) === backupWords(failover, String);
  return {
    ...(typed.name === name ? {} : { name: typed.name }),
    ...(typed.slug === slug ? {} : { slug: typed.slug }),
    ...(isSame ? {} : { failover: wanted }),
  };
}

function failoverFrom({ connectionId, teamHandle, afterSeconds, afterFailures }: Fields['failover']) {
  if (connectionId === '') return null;
  return {
    connectionId,
    teamHandle: teamHandle.trim(),
    ...(afterSeconds && { afterSeconds: Number(afterSeconds) }),
    ...(afterFailures && { afterFailures: Number(afterFailures) }),
  };
}

/** Returns whether the key pair before the last rotation may be revoked; null is one that is not in use any more. */
export const previousKeyWords = (former: Connection['credentials']['former']): string =>
  former
    ? `do not revoke …${former.applicationKeyLast4} yet: the new keys are not in use`
    : 'not in use any more: you can revoke it';

/** Returns how many handles page nobody any more; undefined if that is not known. */
const lostHandles = (handles: number | undefined): string =>
  handles === undefined
    ? 'Its handles page nobody'
    : `${counted(handles, 'handle')} page${handles === 1 ? 's' : ''} nobody`;

/** Returns what disabling does. The number of handles is undefined if it is not known. */
export const disabling = (handles: number | undefined): string =>
  `${lostHandles(handles)} until the connection is enabled, and waiting pages are given up.`;

/** Returns what removing does, before it has begun. The number of handles, and how many pages there are, are undefined if not known. */
export const removing = (handles: number | undefined, pages: string | undefined): string =>
  `Its open pages are resolved first, even if their alerts are still firing${pages === undefined ? '' : ` (now ${pages})`}. ${lostHandles(handles)} afterwards.`;

/** Returns how far a removal has come. */
export function removal({
  resolvedPages,
  unresolvedPages,
  partitionsLeft,
}: NonNullable<Connection['deletion']>): string {
  const open = unresolvedPages === 0 ? '' : ` ${counted(unresolvedPages, 'page')} could not be resolved.`;
  return `${counted(resolvedPages, 'page')} resolved.${open} ${counted(partitionsLeft, 'partition')} left to read.`;
}
