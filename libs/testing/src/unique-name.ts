import { randomBytes } from 'node:crypto';

// Some tests use thirty thousand names: with four bytes, one run in ten had a collision.
const bytes = 6;

/**
 * Returns a unique name: `acme` becomes `acme-1f0c9a3b77d2`.
 *
 * Valid as org id, slug, topic or consumer group; isolates tests that share a broker or a stack.
 */
export const uniqueName = (prefix: string): string => `${prefix}-${randomBytes(bytes).toString('hex')}`;
