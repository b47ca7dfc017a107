import { useEffect, useMemo, useRef } from 'react';
import { type Problem, sentencesOf } from '../../api/problem.ts';

/** What is wrong with each field of a form, and how to fix it. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Returns the first error of each field of a problem. */
export const fieldErrorsOf = (problem: Problem | undefined): FieldErrors =>
  Object.fromEntries((problem?.errors ?? []).toReversed().map((error) => [error.field, sentencesOf(error)]));

/** The errors of a form's fields, by their names, and the ref of this form: a new problem takes the focus to the first of them. */
export function useFieldErrors(problem: Problem | undefined) {
  const form = useRef<HTMLFormElement>(null);
  const errors = useMemo(() => fieldErrorsOf(problem), [problem]);
  useEffect(() => {
    const fields = [...(form.current?.elements ?? [])];
    const wrong = fields.find((field) => field instanceof HTMLElement && (field.getAttribute('name') ?? '') in errors);
    if (wrong instanceof HTMLElement) wrong.focus();
  }, [errors]);
  return { form, errors };
}

/** Returns the values of a form by the names of its fields, without white space around them. */
export const valuesOf = (form: HTMLFormElement): Readonly<Record<string, string>> =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
