import { describe, expect, it } from '@jest/globals';
import { nextTraceparent } from './index.ts';

const form = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

describe('nextTraceparent', () => {
  it('keeps the trace and its sampling flag, with a new span', () => {
    const previous = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
    const next = nextTraceparent(previous);
    expect(next).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/);
    expect(next).not.toBe(previous);
  });

  it.each([undefined, '', 'nonsense', '00-short-00f067aa0ba902b7-01', '01-4bf92f3577b34da6a3ce929d0e0e4736-x-01'])(
    'starts a new trace after %p',
    (previous) => {
      expect(nextTraceparent(previous)).toMatch(form);
      expect(nextTraceparent(previous)).not.toBe(nextTraceparent(previous));
    },
  );
});
