import type { ReactNode } from 'react';
import classes from './data-table.module.css';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
}

export interface DataTableProps<Row> {
  /** What the table lists, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What stands below a row, over its whole width. */
  readonly below?: (row: Row) => ReactNode;
  /** Marks a row as one that needs somebody, or that the person has just made. */
  readonly mark?: (row: Row) => 'bad' | 'new' | undefined;
}

/**
 * A dense table. In a narrow container each row becomes a card, and each cell has its head as a label.
 *
 * The roles are explicit, because `display: block` takes the meaning of a table from its elements.
 */
export function DataTable<Row>({ label, columns, rows, keyOf, below, mark }: DataTableProps<Row>) {
  return (
    <div className={classes.container}>
      {/* biome-ignore-start lint/a11y/noRedundantRoles: see above */}
      <table className={classes.table} role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ head }) => (
              <th key={head} scope="col" role="columnheader">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {rows.map((row) => {
          const more = below?.(row);
          const its = mark?.(row);
          return (
            <tbody key={keyOf(row)} role="rowgroup" className={its && classes[its]}>
              <tr role="row">
                {columns.map(({ head, cell }) => (
                  <td key={head} role="cell" data-head={head}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
              {more && (
                <tr role="row">
                  <td role="cell" colSpan={columns.length} className={classes.more}>
                    {more}
                  </td>
                </tr>
              )}
            </tbody>
          );
        })}
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: see above */}
    </div>
  );
}
