import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { complaintsOf, histories } from './histories.fixtures.ts';

// `npm run fuzz -- --target histories` plays more of them.
it('for any history, each command has its outcome or dead letter, and no page is created twice without a tag', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => expect(await complaintsOf(history)).toEqual([])),
    // Of a failure, the search for the smallest history would take minutes.
    { numRuns: 100, interruptAfterTimeLimit: 100_000 },
  );
});
