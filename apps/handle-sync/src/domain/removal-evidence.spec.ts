import { beforeEach, describe, expect, it } from '@jest/globals';
import { RemovalEvidence } from './removal-evidence.ts';

const confirmMs = 300_000;
let evidence: RemovalEvidence;
beforeEach(() => {
  evidence = new RemovalEvidence(confirmMs);
});

describe('a team that a sync does not show', () => {
  it('is gone if a second sync, long enough after the first, does not show it either', () => {
    evidence.suspect('a', 'me', 0);
    expect(evidence.isConfirmed('a', 0, false)).toBe(false);
    evidence.suspect('a', 'me', confirmMs - 1);
    expect(evidence.isConfirmed('a', confirmMs - 1, false)).toBe(false);
    evidence.suspect('a', 'me', confirmMs);
    expect(evidence.isConfirmed('a', confirmMs, false)).toBe(true);
  });

  it('needs twice the time if most teams would be removed', () => {
    evidence.suspect('a', 'me', 0);
    expect(evidence.isConfirmed('a', 2 * confirmMs - 1, true)).toBe(false);
    expect(evidence.isConfirmed('a', 2 * confirmMs, true)).toBe(true);
  });

  it('is suspected anew if the credential or its permissions change', () => {
    evidence.suspect('a', 'me with teams_read', 0);
    evidence.suspect('a', 'me', confirmMs);
    expect(evidence.isConfirmed('a', confirmMs, false)).toBe(false);
    evidence.suspect('a', 'me with teams_read', confirmMs + 1);
    expect(evidence.isConfirmed('a', 2 * confirmMs, false)).toBe(false);
  });

  it('is no longer suspected once a sync shows it', () => {
    evidence.suspect('a', 'me', 0);
    evidence.clear('a');
    expect(evidence.isConfirmed('a', confirmMs, false)).toBe(false);
    evidence.suspect('a', 'me', confirmMs);
    expect(evidence.isConfirmed('a', confirmMs, false)).toBe(false);
  });
});
