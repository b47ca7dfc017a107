import type { Connection, Directory, Handle, SourceOrg } from '@pagebridge/contracts';

/** The fields of each record that the registry uses. */
export type ConnectionFact = Pick<
  Connection,
  | 'connectionId'
  | 'sourceOrg'
  | 'name'
  | 'slug'
  | 'directory'
  | 'directorySince'
  | 'enabled'
  | 'deleting'
  | 'version'
  | 'createdAt'
  | 'slugSince'
  | 'formerSlugs'
  | 'failover'
>;
export type HandleFact = Omit<Handle, 'directory' | 'changedAt' | 'ownerEpoch'>;
export type SourceOrgFact = Pick<SourceOrg, 'sourceOrg' | 'localHandles' | 'fallbackHandle' | 'version'>;
/** How completely a directory is known. */
export type DirectoryFact = Omit<Directory, 'directory' | 'ownerEpoch'>;

/** The backup of a connection: a team over another connection of its org. */
export type Backup = NonNullable<Connection['failover']>;
/** `validUntil` is exclusive: the grace period has ended at that instant. */
export type FormerHandle = Handle['formerHandles'][number];
