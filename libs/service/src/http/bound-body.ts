import type { NextFunction, Request, Response } from 'express';
import type { FieldError } from './problem.ts';
import { invalid } from './validation.ts';

const mostLevels = 32;
// An alert with all its links has eighty.
const mostFields = 1000;
// Twice what the longest list of any field may hold.
const mostValues = 20_000;

/**
 * Refuses a parsed body that is nested deeper, or has more fields or values, than any valid one.
 *
 * The validation that follows is recursive, and would block the process for minutes with a hundred thousand unknown fields.
 */
export function boundBody(request: Request, _response: Response, next: NextFunction): void {
  const error = complaintOf(request.body);
  next(error && invalid([error]));
}

function complaintOf(body: unknown): FieldError | undefined {
  let [fields, values] = [0, 0];
  let level = [body];
  for (let levels = 0; level.length > 0; levels += 1) {
    const parents = level.filter((value) => typeof value === 'object' && value !== null);
    values += level.length;
    level = parents.flatMap((parent) => {
      const its = Object.values(parent);
      fields += Array.isArray(parent) ? 0 : its.length;
      return its;
    });
    if (levels > mostLevels) return refused(`is nested more than ${mostLevels} levels deep`);
    if (fields > mostFields) return refused(`has more than ${mostFields} fields`);
    if (values > mostValues) return refused(`has more than ${mostValues} values`);
  }
  return undefined;
}

const refused = (what: string): FieldError => ({
  field: 'body',
  message: `the body ${what}`,
  cure: 'Send what the OpenAPI document describes.',
});
