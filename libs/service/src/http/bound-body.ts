import type { FieldError } from '../problems/problem.ts';
import { invalid } from './validation.ts';

const maxLevels = 32;
// An alert with the maximum number of links has eighty.
const maxFields = 1000;
// Twice the longest list that any field may hold.
const maxValues = 20_000;

/**
 * Refuses a parsed body that is nested deeper, or has more fields or values, than any valid body.
 *
 * The validation that follows is recursive: a body with a hundred thousand unknown fields would block the process for minutes.
 */
export function boundBody(body: unknown): void {
  const error = complaintOf(body);
  if (error) throw invalid([error]);
}

function complaintOf(body: unknown): FieldError | undefined {
  let [fields, values] = [0, 0];
  let level = [body];
  for (let levels = 0; level.length > 0; levels += 1) {
    const parents = level.filter((value) => typeof value === 'object' && value !== null);
    values += level.length;
    level = parents.flatMap((parent) => {
      const children = Object.values(parent);
      fields += Array.isArray(parent) ? 0 : children.length;
      return children;
    });
    if (levels > maxLevels) return refused(`is nested more than ${maxLevels} levels deep`);
    if (fields > maxFields) return refused(`has more than ${maxFields} fields`);
    if (values > maxValues) return refused(`has more than ${maxValues} values`);
  }
  return undefined;
}

const refused = (excess: string): FieldError => ({
  field: 'body',
  message: `the body ${excess}`,
  cure: 'Send a body as the OpenAPI document describes it.',
});
