import { placeOf } from '@pagebridge/vocabulary';
import { useQuery } from '@tanstack/react-query';
import { Copy } from '../look/copy.tsx';
import { type Column, DataTable } from '../look/list/data-table.tsx';
import { Read } from '../look/notice/read.tsx';
import { Sentence } from '../look/notice/sentence.tsx';
import { Time } from '../look/time/time.tsx';
import { type DeadLetter, unreadableQuery } from './queries.ts';

/** The dead letters that may be anybody's, since they cannot be read. For operators. */
export function Unreadable() {
  const query = useQuery(unreadableQuery);
  return (
    <section aria-labelledby="unreadable">
      <h2 id="unreadable">Unreadable, of unknown orgs</h2>
      <Read query={query} what="Dead letters of unknown orgs" from="page-history">
        {({ items, next }) =>
          items.length === 0 ? (
            <p>None. The org of each dead letter is known.</p>
          ) : (
            <>
              <DataTable
                label="Dead letters of unknown orgs"
                columns={columns}
                rows={items}
                keyOf={placeOf}
                below={({ cure }) => cure}
              />
              {next && (
                <p className="dim">Only the latest are shown. To count all, run pagebridge dead-letters ls --kafka.</p>
              )}
            </>
          )
        }
      </Read>
    </section>
  );
}

const columns: readonly Column<DeadLetter>[] = [
  { head: 'Time', cell: ({ at }) => <Time at={at} /> },
  { head: 'Dead letter', cell: (letter) => <code>{placeOf(letter)}</code> },
  {
    head: 'Reason',
    cell: ({ reason, detail }) => (
      <span>
        {reason}: <Sentence text={detail} />
      </span>
    ),
  },
  { head: 'Command', cell: ({ command }) => <Copy text={command} what="the command" /> },
];
