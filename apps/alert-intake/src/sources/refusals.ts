import { Problem } from '@pagebridge/service';
import { intakeProblems as problems } from '../problems.ts';

/** The problem of a body that is no request of its source at all; the detail names the field and the cure. */
export const notUnderstood = (field: string, message: string, cure: string): Problem => {
  const errors = [{ field, message, cure }];
  return new Problem({ ...problems['not-understood'], detail: `${message}. ${cure}`, errors });
};
