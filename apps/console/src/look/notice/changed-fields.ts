import type { AuditEntry } from '../../audit/queries.ts';

/** The fields of something in words. */
export type Words = Readonly<Record<string, string>>;

/** One field: as the person read it, as it is now, and as the person's change would leave it. */
export interface FieldVersions {
  readonly field: string;
  readonly before: string;
  readonly theirs: string;
  readonly mine: string;
}

/** Returns the fields that somebody has changed meanwhile, or that the person wants to change. */
export const versionsOf = (before: Words, theirs: Words, mine: Words): FieldVersions[] =>
  Object.keys({ ...before, ...theirs, ...mine })
    .map((field) => ({
      field,
      before: before[field] ?? '',
      theirs: theirs[field] ?? '',
      mine: mine[field] ?? '',
    }))
    .filter((its) => its.before !== its.theirs || its.before !== its.mine);

/** Returns the newest entry that made a new version. */
export const lastChangeIn = (entries: readonly AuditEntry[]): AuditEntry | undefined =>
  entries.find(({ before, after }) => before?.version !== after?.version);
