import { describe, expect, it } from '@jest/globals';
import { heapBytes } from '@pagebridge/testing';
import fc from 'fast-check';
import { authorOf, errorDetail, isMissingPermission } from './error-detail.ts';

describe('errorDetail', () => {
  it.each([
    ['string errors', '{"errors":["Forbidden","Failed permission authorization checks"]}', /^Forbidden; Failed perm/],
    ['object errors', '{"errors":[{"status":"400","title":"Bad Request","detail":"got x"}]}', /^Bad Request: got x$/],
    [
      'errors with a source',
      '{"errors":[{"title":"Bad","source":{"pointer":"/data/type"}}]}',
      /^Bad \(\/data\/type\)$/,
    ],
    ['a title alone', '{"errors":[{"title":"Forbidden"}]}', /^Forbidden$/],
    ['the edge shape', '{"status":"error","code":403,"errors":["Forbidden"],"email":"x"}', /^Forbidden$/],
    ['a message', '{"message":"try later"}', /^try later$/],
    ['plain text', 'upstream connect error\n reset', /^upstream connect error reset$/],
    ['HTML', '<html><head><title>502 Bad Gateway</title></head></html>', /^HTML page "502 Bad Gateway"$/],
    ['HTML without a title', '<h1>No</h1><p>way</p>', /^HTML page "No way"$/],
    ['nothing', '', /^no body$/],
    ['broken JSON', '{"errors":["For', /^\{"errors":\["For$/],
    ['JSON without a message', '{"errors":[{}, 7]}', /^\{"errors":\[\{\}, 7\]\}$/],
  ])('reads %s', (_what, body, expected) => {
    expect(errorDetail(body)).toMatch(expected);
  });

  it('keeps no more of an endless body than it says', () => {
    const before = heapBytes();
    const details = Array.from({ length: 50 }, (_, i) => errorDetail(`${i}_${'x'.repeat(1_000_000)}`));
    expect(heapBytes() - before).toBeLessThan(5_000_000);
    expect(details[7]).toMatch(/^7_x{297}…$/);
  });

  it('is one line of at most 300 characters for any body', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 2000 }), fc.json()), (body) => {
        const detail = errorDetail(body);
        expect(detail.length).toBeLessThanOrEqual(300);
        expect(detail).not.toMatch(/[\p{Cc}\n]/u);
      }),
    );
  });

  it('cuts no surrogate pair in two', () => {
    const detail = errorDetail(`${'x'.repeat(298)}\u{1f4df}${'y'.repeat(10)}`);
    expect(detail).toHaveLength(300);
    expect(detail.isWellFormed()).toBe(true);
  });

  it('handles a huge page of brackets quickly', () => {
    expect(errorDetail('<title '.repeat(1_000_000)).length).toBeLessThanOrEqual(300);
  });
});

describe('isMissingPermission', () => {
  it('distinguishes a missing permission from an invalid key', () => {
    expect(isMissingPermission('{"errors":["Forbidden","Failed permission authorization checks"]}')).toBe(true);
    expect(isMissingPermission('{"errors":["Forbidden"]}')).toBe(false);
  });
});

describe('authorOf', () => {
  it.each([
    ['service', '{"errors":[{"title":"Generic Error","detail":"schedule[1] not found"}]}'],
    ['service', '{"errors":[{"code":"invalid"}]}'],
    ['service', '{"errors":["Team for ID t not found"]}'],
    ['service', `{"errors":["${'x'.repeat(20_000)}"]}`],
    ['edge', '{"errors":["Not found"]}'],
    ['edge', '{"status":"error","code":403,"errors":["Forbidden"]}'],
    [undefined, '{"errors":[{"title":"Generic Error"},{}]}'],
    [undefined, '{"errors":[]}'],
    [undefined, '{"errors":[["Not found"]]}'],
    [undefined, '{"errors":{"title":"Not Found"}}'],
    [undefined, '{"errors":[{"title":"Gene'],
    [undefined, '{"message":"no Route matched with those values"}'],
    [undefined, '<html></html>'],
    [undefined, ''],
  ])('is %s for %.90s', (expected, body) => {
    expect(authorOf(body)).toBe(expected);
  });
});
