import { describe, expect, it } from '@jest/globals';
import { chaosLine } from './chaos-line.ts';

describe('chaos', () => {
  it('breaks no promise in a minute of faults, hostile input and a flood', async () => {
    // The service times of healthy alerts are in the line too, and fail `npm run chaos`. A busy machine must not fail this test.
    const line = await chaosLine('--seed', '5', '--minutes', '1', '--hostile', '--flood', '3000');
    expect(line).toMatchObject({ lost: 0, duplicatesUntagged: 0, orderViolations: 0 });
    expect(line).toMatchObject({ unroutedWrongly: 0, hostileUnaccounted: 0, joinedClosed: 0 });
    expect(line.hostile).toBeGreaterThan(0);
    expect(line.faults).toMatchObject({ flood: 1 });
  }, 600_000);
});
