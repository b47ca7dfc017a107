import { describe, expect, it } from '@jest/globals';
import { rateLimitIn } from './rate-limit.ts';

describe('rateLimitIn', () => {
  it('reads how often a request may still be made, and how often at all', () => {
    const headers = {
      ratelimit: '"rotations";r=6;t=3500, "refused-keys";r=9;t=3599',
      'ratelimit-policy': '"refused-keys";q=10;w=3600, "rotations";q=300;w=3600',
    };
    expect(rateLimitIn(headers, 'refused-keys')).toEqual({ left: 9, most: 10 });
    expect(rateLimitIn(headers, 'rotations')).toEqual({ left: 6, most: 300 });
  });

  it('knows nothing if only other limits are told, or none', () => {
    const nothing = { left: undefined, most: undefined };
    expect(rateLimitIn({ ratelimit: '"checks";r=6;t=3500' }, 'refused-keys')).toEqual(nothing);
    expect(rateLimitIn({}, 'refused-keys')).toEqual(nothing);
  });
});
