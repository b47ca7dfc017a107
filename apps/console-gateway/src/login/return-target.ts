const maxCharacters = 2000;

/**
 * Returns where a login leads back to: a path of the console, or `/` for everything else.
 *
 * Browsers read `//host` and `/\host` as another host, and leave out control characters before they read.
 */
export const returnTarget = (target: unknown): string =>
  typeof target === 'string' && target.length <= maxCharacters && /^\/(?!\/)[^\\\p{Cc}]*$/u.test(target) ? target : '/';
