import { describe, expect, it } from '@jest/globals';
import { chaosLine } from './chaos-line.ts';
import { mutantNamed, mutantNames } from './mutants.ts';

const patienceMs = 240_000;

describe('the audit', () => {
  it.each(mutantNames)(
    'finds the defect %s by its own number',
    async (mutant) => {
      expect(await chaosLine('--mutant', mutant)).toMatchObject({ mutant, caught: true });
    },
    patienceMs,
  );

  // Otherwise the numbers above might be those of the code, or of the machine.
  it(
    'finds nothing in page-delivery without a defect under the faults of all of them',
    async () => {
      const faults = mutantNames.flatMap((mutant) => mutantNamed(mutant).shownBy).join();
      const line = await chaosLine('--profile', 'small', '--minutes', '0.4', '--faults', faults);
      expect(line).toMatchObject({ lost: 0, duplicatesUntagged: 0, orderViolations: 0, joinedClosed: 0 });
      expect(line.delivered).toBeGreaterThan(0);
    },
    patienceMs,
  );
});
