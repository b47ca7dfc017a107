import { ChangedMeanwhile } from '../../look/notice/changed-meanwhile.tsx';
import { type Connection, useNames } from '../queries.ts';
import type { FormProps } from './connection-drawer.tsx';
import { wordsOf } from './words.ts';

interface StaleProps extends Pick<FormProps, 'opened' | 'now'> {
  /** The connection as it would be after the person's change. */
  readonly mine: Connection;
  readonly onApply: (etag: string) => void;
}

/** What a person reads who changes a connection that somebody else has changed meanwhile. */
export function Stale({ opened, now: { value, etag }, mine, onApply }: StaleProps) {
  const nameOf = useNames(value.sourceOrg);
  return (
    <ChangedMeanwhile
      org={value.sourceOrg}
      target={value.id}
      at={value.updatedAt}
      before={wordsOf(opened.value, nameOf)}
      theirs={wordsOf(value, nameOf)}
      mine={wordsOf(mine, nameOf)}
      onApply={() => onApply(etag)}
    />
  );
}
