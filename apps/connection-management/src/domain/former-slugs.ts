import type { Connection } from './connection.ts';

/** A slug that a connection had: what it qualifies is known until then. */
export interface FormerSlug {
  readonly slug: string;
  readonly validUntil: Date;
}

/** As many as the contract holds; whoever changes it more often within the grace loses the oldest. */
const most = 20;

/** The slugs of a connection that gets this one. */
export function slugged(
  { slug: before, slugSince, formerSlugs }: Connection,
  slug: string,
  now: Date,
  graceMs: number,
): Pick<Connection, 'slug' | 'slugSince' | 'formerSlugs'> {
  if (slug === before) return { slug, slugSince, formerSlugs };
  const lost = { slug: before, validUntil: new Date(now.getTime() + graceMs) };
  const others = formerSlugs.filter((former) => former.slug !== before);
  const valid = [lost, ...others].filter((former) => former.slug !== slug && former.validUntil > now);
  return { slug, slugSince: now, formerSlugs: valid.slice(0, most) };
}
