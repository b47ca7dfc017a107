import type { Connection, Directory, Handle, SourceOrg } from '@pagebridge/contracts';

/** What the registry is told: as much of each record as it uses. */
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
export type HandleFact = Omit<Handle, 'directory' | 'changedAt' | 'generation'>;
export type SourceOrgFact = Pick<SourceOrg, 'sourceOrg' | 'localHandles' | 'fallbackHandle' | 'version'>;
/** How well a directory is known. */
export type DirectoryFact = Omit<Directory, 'directory' | 'generation'>;

/** Whom a connection names as its backup: a team of another connection of its org. */
export type Backup = NonNullable<Connection['failover']>;
/** `validUntil` is exclusive: at that instant the grace period is over. */
export type FormerHandle = Handle['formerHandles'][number];
