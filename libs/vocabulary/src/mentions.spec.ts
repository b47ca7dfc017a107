import { describe, expect, it } from '@jest/globals';
import { mentionsOf } from './handle.ts';

const mentions = (message: string, ...recipients: string[]) => mentionsOf({ message, recipients });

describe('mentionsOf', () => {
  it('returns a recipient, with or without @, in upper or lower case', () => {
    expect(mentions('', 'oncall-a', '@oncall-b', ' OnCall-C ')).toEqual(['a', 'b', 'c']);
  });

  it('returns a handle once that is in the message and among the recipients', () => {
    expect(mentions('see @oncall-a', 'oncall-a', 'oncall-b')).toEqual(['a', 'b']);
  });

  it('ignores recipients that are no On-Call handles', () => {
    expect(
      mentions(
        '',
        'slack-ops',
        '@pagerduty-main',
        'team-core',
        'jane@example.com',
        'two words',
        '@',
        'oncall-',
        '  ',
        'ops!',
      ),
    ).toEqual([]);
  });

  it('reads 10,000 mentions in one pass', () => {
    const message = Array.from({ length: 10_000 }, (_, i) => `@oncall-t${i}`).join(' ');
    expect(mentions(message)).toHaveLength(10_000);
  });
});
