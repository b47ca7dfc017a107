import { type RefObject, useEffect, useMemo } from 'react';
import type { Problem } from '../../api/problem.ts';

/** What is wrong with each field of a form, and how to fix it. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Returns the first error of each field of a problem. */
export const fieldErrorsOf = (problem: Problem | undefined): FieldErrors =>
  Object.fromEntries(
    (problem?.errors ?? [])
      .toReversed()
      .map(({ field, message, cure }) => [field, cure ? `${message}. ${cure}` : message]),
  );

/** The errors of a form's fields, by their names. A new problem takes the focus to the first of them. */
export function useFieldErrors(form: RefObject<HTMLFormElement | null>, problem: Problem | undefined): FieldErrors {
  const errors = useMemo(() => fieldErrorsOf(problem), [problem]);
  useEffect(() => {
    const fields = [...(form.current?.elements ?? [])];
    const wrong = fields.find((field) => field instanceof HTMLElement && (field.getAttribute('name') ?? '') in errors);
    if (wrong instanceof HTMLElement) wrong.focus();
  }, [errors, form]);
  return errors;
}

/** Returns the values of a form by the names of its fields, without white space around them. */
export const valuesOf = (form: HTMLFormElement): Readonly<Record<string, string>> =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
