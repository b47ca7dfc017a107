import { expect, it } from '@jest/globals';
import { shifted } from './times.ts';

it('moves every instant, of events and of rows, and leaves its form and all else as it is', () => {
  const text = `{"time":"2026-12-31T23:59:59.123456Z"} ('2026-02-28 00:00:01.500', '2026-02-28', 1764000000)`;
  expect(shifted(text, 86_401)).toBe(
    `{"time":"2027-01-02T00:00:00.123456Z"} ('2026-03-01 00:00:02.500', '2026-02-28', 1764000000)`,
  );
});
