import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maxPackedLength, packTeamId, unpackTeamId } from './team-id.ts';

const roundTrip = (id: string): string => {
  const bytes = Buffer.from('before'.padEnd(6 + maxPackedLength(id), '.'));
  return unpackTeamId(new DataView(bytes.buffer, bytes.byteOffset), 6, packTeamId(id, bytes, 6));
};

describe('packTeamId', () => {
  it('takes 16 bytes for a UUID', () => {
    expect(packTeamId('00a1b2c3-0000-4000-8000-0000000000ff', Buffer.alloc(120), 3)).toBe(3 + 16);
  });

  it('is undone by unpackTeamId, for a UUID and for any other text', () => {
    const text = fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme' }), fc.string({ minLength: 16, maxLength: 16 }));
    fc.assert(fc.property(text, (id) => expect(roundTrip(id)).toBe(id)));
  });

  it('keeps an upper-case UUID as it is written', () => {
    expect(roundTrip('AAAAAAAA-0000-4000-8000-000000000000')).toBe('AAAAAAAA-0000-4000-8000-000000000000');
  });
});
