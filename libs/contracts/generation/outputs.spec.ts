import { describe, expect, it } from '@jest/globals';
import { cards } from '../src/index.ts';
import { incompatibilities } from './compatibility.ts';
import { lockOf } from './lock.ts';
import { locked, outputs } from './outputs.ts';
import { withTopicTable } from './topic-table.ts';

describe('the generated files', () => {
  it.each(outputs().map(({ path, now, content }) => [path, now, content] as const))(
    'include an up-to-date %s; if not, run `npm run generate`',
    (_path, now, content) => {
      expect(now).toBe(content);
    },
  );

  it('are compatible with the lock file', () => {
    expect(incompatibilities(locked(), lockOf(cards))).toEqual([]);
  });

  it('need markers for the topic table, which the error names if they are missing', () => {
    expect(() => withTopicTable('# A page', cards)).toThrow(/topics:begin.*topics:end/);
  });
});
