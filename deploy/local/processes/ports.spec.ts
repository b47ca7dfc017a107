import { describe, expect, it } from '@jest/globals';
import { freePorts } from './ports.ts';

describe('free ports', () => {
  it('are handed out once, even while nobody listens on them yet', async () => {
    const [some, others] = await Promise.all([freePorts(400), freePorts(400)]);
    expect(new Set([...some, ...others]).size).toBe(800);
  });
});
