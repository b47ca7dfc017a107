import { randomBytes } from 'node:crypto';

/**
 * A name nobody else uses: `acme` becomes `acme-1f0c9a3b`.
 *
 * Fits org ids, slugs, topics and consumer groups; tests that share a broker or a stack keep apart by it.
 */
export const uniqueName = (prefix: string): string => `${prefix}-${randomBytes(4).toString('hex')}`;
