import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linkDays, maxTokenLength, SnapshotLinks } from './snapshot-links.ts';

const aKey = () => createSecretKey(randomBytes(32));
const linksWith = (keys: Record<string, KeyObject>) => new SnapshotLinks(new Map(Object.entries(keys)));
const [one, other] = [aKey(), aKey()];
const links = linksWith({ one });

const id = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: length, maxLength: length });
const page = fc.record({
  sourceOrg: id(63),
  connectionId: fc.uuid(),
  pageId: id(64),
  acceptedAt: fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }).map(Number),
});
const daysLater = (acceptedAt: number, days: number) => acceptedAt + days * 24 * 60 * 60 * 1000;

it('opens what it signed, for seven days, as the same short text each time', () => {
  fc.assert(
    fc.property(page, (of) => {
      const token = links.tokenOf(of);
      const expiresAt = daysLater(of.acceptedAt, linkDays);
      expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{43}$/);
      expect(token.length).toBeLessThanOrEqual(maxTokenLength);
      expect(links.tokenOf(of)).toBe(token);
      expect(links.open(token, expiresAt - 1)).toEqual({ kind: 'open', of: { ...of, expiresAt } });
      expect(links.open(token, expiresAt)).toEqual({ kind: 'expired' });
    }),
  );
});

it('opens no token in which a bit was flipped, also after its end', () => {
  fc.assert(
    fc.property(page, fc.nat(), fc.integer({ min: 0, max: 7 }), (of, at, bit) => {
      const bytes = Buffer.from(links.tokenOf(of));
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
      const flipped = bytes.toString('latin1');
      expect(links.open(flipped, of.acceptedAt)).toEqual({ kind: 'forged' });
      expect(links.open(flipped, daysLater(of.acceptedAt, 99))).toEqual({ kind: 'forged' });
    }),
  );
});

it('opens nothing that it did not sign', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `one.${text}.${'A'.repeat(43)}`),
      ),
      (text) => {
        expect(links.open(text, 0)).toEqual({ kind: 'forged' });
      },
    ),
  );
});

it('opens tokens of each of its keys, signs with the first, and opens none of a key that is gone', () => {
  fc.assert(
    fc.property(page, (of) => {
      const rotated = linksWith({ two: other, one });
      expect(rotated.open(links.tokenOf(of), of.acceptedAt).kind).toBe('open');
      expect(links.open(rotated.tokenOf(of), of.acceptedAt).kind).toBe('forged');
      expect(linksWith({ one: other }).open(links.tokenOf(of), of.acceptedAt).kind).toBe('forged');
    }),
  );
});
