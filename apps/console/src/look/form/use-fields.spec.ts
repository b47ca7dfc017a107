import { describe, expect, it } from '@jest/globals';
import { problemOf } from '../../api/problem.ts';
import { fieldErrorsOf } from './use-fields.ts';

describe('fieldErrorsOf', () => {
  it('returns the first error of each field with its cure', () => {
    const errors = [
      { field: 'name', message: 'name is taken', cure: 'Give another name.' },
      { field: 'name', message: 'name is too long' },
      { field: 'slug', message: 'slug is taken' },
    ];
    expect(fieldErrorsOf(problemOf(409, { errors }))).toEqual({
      name: 'It is taken. Give another name.',
      slug: 'It is taken.',
    });
  });

  it('returns none for a problem without fields', () => {
    expect(fieldErrorsOf(problemOf(503, undefined))).toEqual({});
  });
});
