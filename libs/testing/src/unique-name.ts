import { randomBytes } from 'node:crypto';

// Some tests take thirty thousand names: with four bytes, one run in ten had the same twice.
const bytes = 6;

/**
 * A name nobody else uses: `acme` becomes `acme-1f0c9a3b77d2`.
 *
 * Fits org ids, slugs, topics and consumer groups; tests that share a broker or a stack keep apart by it.
 */
export const uniqueName = (prefix: string): string => `${prefix}-${randomBytes(bytes).toString('hex')}`;
