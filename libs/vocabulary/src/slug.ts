const longest = 63;

/**
 * Returns a slug for a name: lower-case letters, digits and hyphens, 1 to 63 characters, as `slugPattern` requires.
 *
 * Accents are dropped; a name without any usable character becomes `connection`.
 */
export function slugFrom(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return trimmed(words.slice(0, longest + 1)) || 'connection';
}

/** Returns the first of `base`, `base-2`, `base-3` … that is not taken, within the length of a slug. */
export function freeSlug(base: string, taken: ReadonlySet<string>): string {
  let slug = base;
  for (let number = 2; taken.has(slug); number += 1) {
    const suffix = `-${number}`;
    slug = trimmed(base.slice(0, longest - suffix.length)) + suffix;
  }
  return slug;
}

const trimmed = (text: string): string => text.replace(/^-+/, '').slice(0, longest).replace(/-+$/, '');

/** An org is named by a lower-case slug of 1 to 63 characters, as in `acme-us`. */
export const orgIdPattern = '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$';
