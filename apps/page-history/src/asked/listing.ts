import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Cursor, cursorIn, cursorOf } from './cursor.ts';

/** What of a list is asked for. */
export interface Range {
  readonly from?: Date;
  readonly to?: Date;
  readonly limit: number;
  readonly cursor?: string;
}

/** A part of a list, the latest first; `next`: the cursor of the following part. */
export interface Part<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

/** Returns the rows in the range, the latest first. Each index of a list ends with time and id, so it reads only these. */
export async function partOf<Row extends ObjectLiteral & Cursor>(
  query: SelectQueryBuilder<Row>,
  { from, to, limit, cursor }: Range,
): Promise<Part<Row>> {
  const { alias } = query;
  const after = cursor === undefined ? undefined : cursorIn(cursor);
  if (from) query.andWhere(`${alias}.at >= :from`, { from });
  if (to) query.andWhere(`${alias}.at < :to`, { to });
  // The first comparison follows from the second, but only the first bounds what is read of the index.
  if (after) query.andWhere(`${alias}.at <= :at AND (${alias}.at < :at OR ${alias}.id < :id)`, after);
  query
    .orderBy(`${alias}.at`, 'DESC')
    .addOrderBy(`${alias}.id`, 'DESC')
    .limit(limit + 1);
  const found = await query.getMany();
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: last && cursorOf(last) };
}

/** Returns the pattern of LIKE for texts with this one in them. */
export const likeOf = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
