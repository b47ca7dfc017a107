import { describe, expect, it } from '@jest/globals';
import { cards } from '../src/index.ts';
import { incompatibilities } from './compatibility.ts';
import { lockOf } from './lock.ts';
import { locked, outputs } from './outputs.ts';
import { withTopicTable } from './topic-table.ts';

describe('what is generated from the cards', () => {
  it.each(outputs().map(({ path, now, content }) => [path, now, content] as const))(
    '%s is as `npm run generate` writes it',
    (_path, now, content) => {
      expect(now).toBe(content);
    },
  );

  it('is compatible with what was locked', () => {
    expect(incompatibilities(locked(), lockOf(cards))).toEqual([]);
  });

  it('has a place in its document, or says which markers are missing', () => {
    expect(() => withTopicTable('# A page', cards)).toThrow(/topics:begin.*topics:end/);
  });
});
