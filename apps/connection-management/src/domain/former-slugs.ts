import type { Connection } from './connection.ts';

/** A former slug of a connection. The handles that it qualifies are known until `validUntil`. */
export interface FormerSlug {
  readonly slug: string;
  readonly validUntil: Date;
}

/** The limit of the contract. If a slug changes more often within its grace period, the oldest former slugs are dropped. */
const most = 20;

/** Returns the slugs of a connection that gets this slug. */
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
