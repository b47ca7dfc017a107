import { describe, expect, it } from '@jest/globals';
import { ListPosition, partSize } from './list-position.ts';

const now = new Date('2026-01-31T12:00:00Z');
const part = (modifiedAt: number) =>
  Array.from({ length: partSize }, (_, n) => ({ id: `d-${n}`, status: 'triggered' as const, modifiedAt }));

describe('the position in the list of a destination', () => {
  it('is not led astray by a page that was modified in the future', () => {
    const position = new ListPosition(now.getTime() - 1000);
    position.take(part(now.getTime() + 3_600_000), now);
    position.take([], now);
    expect(position.take(part(now.getTime() + 1000), new Date(now.getTime() + 2000))).toBe(false);
  });
});
