import { type FormErrors, type UseFormInput, type UseFormReturnType, useForm } from '@mantine/form';
import { useEffect } from 'react';
import { type Problem, sentencesOf } from '../../api/problem.ts';

/** Returns the first error of each field of a problem, with its cure. */
export const fieldErrorsOf = ({ errors }: Problem): Record<string, string> =>
  Object.fromEntries(errors.toReversed().map((error) => [error.field, sentencesOf(error)]));

/**
 * A form: `getInputProps` of a field gives what is typed and what is wrong with it. A new problem tells its errors beside their fields, as
 * the rules of the form do when it is sent; the focus goes to the first of these fields.
 */
export function useFields<T extends object>(input: UseFormInput<T>, problem?: Problem): UseFormReturnType<T> {
  const form = useForm<T>(input);
  const { setErrors } = form;
  useEffect(() => {
    if (!problem) return;
    const errors = fieldErrorsOf(problem);
    setErrors(errors);
    focusFirst(errors);
  }, [problem, setErrors]);
  return { ...form, onSubmit: (send) => form.onSubmit(send, focusFirst) };
}

const focusFirst = (errors: FormErrors): void =>
  [...document.querySelectorAll<HTMLElement>('[data-path]')]
    .find(({ dataset }) => `${dataset.path}` in errors)
    ?.focus();
