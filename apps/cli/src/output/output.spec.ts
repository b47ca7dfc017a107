import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { type End, run } from '../run.fixtures.ts';
import { printList, printOne } from './items.ts';
import type { Form } from './output.ts';

const hostile = fc.array(
  fc.constantFrom(
    'a',
    '\n',
    '\t',
    '\u001b',
    '\u009b',
    '\u202e',
    '\u2028',
    '\u{e0001}',
    '\ud83d\ude00',
    '"',
    '\\',
    ': ',
  ),
);
const look = { columns: '', names: [] };
const printed = (print: () => void): Promise<End> =>
  run([], {}, async () => {
    print();
    return 0;
  });

describe('what programs read', () => {
  it.each([
    ['json', JSON.parse],
    ['jsonl', JSON.parse],
    ['yaml', parse],
  ] as const)(
    'is equal to the thing as %s, and has nothing that a terminal would obey',
    async (form: Form, read: (text: string) => unknown) => {
      await fc.assert(
        fc.asyncProperty(hostile, hostile, async (name, chars) => {
          const thing = { [`k${name.join('')}`]: chars.join('') };
          const one = await printed(() => printOne(thing, look, form));
          expect(read(one.stdout)).toEqual(thing);
          expect(one.stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          const list = await printed(() => printList([thing], look, form));
          expect([read(list.stdout)].flat()).toEqual([thing]);
        }),
      );
    },
  );
});

it('a message keeps its lines, and nothing else that a terminal would obey', async () => {
  const { stderr } = await run([], {}, () => Promise.reject(new Error('one\ntwo \u001b[31m\u202e')));
  expect(stderr).toBe('error: one\ntwo \\u001b[31m\\u202e\n');
});
