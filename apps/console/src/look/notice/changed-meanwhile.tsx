import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { auditQuery } from '../../audit/queries.ts';
import { useMay } from '../../session/me.ts';
import { Actor } from '../actor.tsx';
import { type Column, DataTable } from '../list/data-table.tsx';
import { Time } from '../time/time.tsx';
import { type FieldVersions, lastChangeIn, versionsOf, type Words } from './changed-fields.ts';
import { Notice } from './notice.tsx';

interface ChangedMeanwhileProps {
  readonly org: string;
  /** The id of what was changed, as the audit has it. */
  readonly target: string;
  /** When it was changed; null if that is not known. */
  readonly at: string | null;
  /** Its fields as the person read them. */
  readonly before: Words;
  /** Its fields as they are now. */
  readonly theirs: Words;
  /** Its fields as they would be if the person's change were applied to `theirs`. */
  readonly mine: Words;
  /** Sends the person's change again, for the version of `theirs`. */
  readonly onApply: () => void;
}

/** What a person reads whose change was refused because somebody else came first (412): who, when and what. */
export function ChangedMeanwhile({ org, target, at, before, theirs, mine, onApply }: ChangedMeanwhileProps) {
  const [isShown, setShown] = useState(false);
  // Only admins read the audit; the others read the rest.
  const { data } = useQuery({ ...auditQuery(org, { target }, 5), enabled: useMay(org, 'audit:read') === true });
  const change = lastChangeIn(data?.items ?? []);
  const when = change?.at ?? at;
  const versions = versionsOf(before, theirs, mine);
  const changed = versions.filter((version) => version.before !== version.theirs).map(({ field }) => field);
  const actions = (
    <>
      <Button aria-expanded={isShown} onClick={() => setShown(!isShown)}>
        Compare versions
      </Button>
      <Button onClick={onApply}>Apply my change to the new version</Button>
    </>
  );
  return (
    <>
      <Notice tone="bad" actions={actions}>
        {change ? <Actor actor={change.actor} /> : 'Someone'} changed this {when && <Time at={when} as="ago" />}
        {changed.length > 0 && `: ${changed.join(', ')}`}. Your change was not stored.
      </Notice>
      {isShown && <DataTable label="Both versions" columns={columns} rows={versions} keyOf={({ field }) => field} />}
    </>
  );
}

const columns: readonly Column<FieldVersions>[] = [
  { head: 'Field', cell: ({ field }) => field },
  { head: 'When you opened it', cell: ({ before }) => before },
  { head: 'Now', cell: ({ theirs }) => theirs },
  { head: 'Yours', cell: ({ mine }) => mine },
];
