import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../problems/problem.ts';
import { jsonOf } from './json-body.ts';

const read = (text: string | Uint8Array, values = 1000, type?: string) => jsonOf(Buffer.from(text), type, { values });
const refusalOf = (text: string | Uint8Array, values?: number, type?: string) => {
  try {
    return [200, read(text, values, type)];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.details.status, error.details.detail];
  }
};

describe('a JSON body', () => {
  it('is read as it was written, whatever its strings hold', () => {
    const bodies = fc.oneof(fc.object({ maxDepth: 5 }), fc.array(fc.jsonValue())).map((value) => JSON.stringify(value));
    fc.assert(fc.property(bodies, (text) => expect(read(text, 100_000)).toEqual(JSON.parse(text))));
  });

  it('has as many values as its route allows, and brackets and commas in its strings are none', () => {
    const text = JSON.stringify({ message: '[[[{{{,,,:::"\\'.repeat(1000), tags: ['a', 'b'] });
    expect(refusalOf(text, 4)).toEqual([200, JSON.parse(text)]);
    expect(refusalOf(text, 3)).toEqual([400, 'the body has more than 3 values']);
    expect(refusalOf(`[${'[],'.repeat(1000)}[]]`)).toEqual([400, 'the body has more than 1000 values']);
  });

  it('has no more different names of fields than its route allows, however often each is used', () => {
    const names = (many: number) => JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ [`k${i % many}`]: i })));
    const read = (text: string) => jsonOf(Buffer.from(text), undefined, { values: 10_000, names: 50 });
    expect(read(names(40))).toHaveLength(500);
    expect(() => read(names(200))).toThrow();
  });

  it('is not nested more than 32 levels deep', () => {
    expect(refusalOf(`${'['.repeat(32)}${']'.repeat(32)}`)[0]).toBe(200);
    expect(refusalOf('{"a":'.repeat(33))).toEqual([400, 'the body is nested more than 32 levels deep']);
  });

  it.each([
    ['a text', '"sesame"', 400],
    ['half of an object', '{"a":', 400],
    ['a string without an end', '"\\', 400],
    ['nothing', '', 400],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22]), 400],
  ])('that is %s is refused, and nothing of it is repeated', (_what, text, status) => {
    const [refused, detail] = refusalOf(text);
    expect(refused).toBe(status);
    expect(detail).not.toContain('sesame');
  });

  it('is in UTF-8', () => {
    expect(refusalOf('{}', 10, 'application/json; charset=utf-16')).toEqual([
      415,
      'The body uses the charset utf-16. Send UTF-8.',
    ]);
    expect(refusalOf('{}', 10, 'application/json; charset="UTF-8"')[0]).toBe(200);
  });
});
