import { TextInput } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Permission } from '../../session/permissions.ts';
import { ProblemWords } from '../notice/problem-words.tsx';
import { Permitted, removes } from './permitted.tsx';
import { useFields } from './use-fields.ts';

interface TypedNameProps {
  /** The name of what is removed. */
  readonly name: string;
  /** What the button does. */
  readonly action: string;
  readonly permission: Permission;
  readonly remove: UseMutationResult<unknown, unknown, void>;
  /** What removing it does. */
  readonly children: ReactNode;
}

/** A form that removes something only for who types its name. */
export function TypedName({ name, action, permission, remove, children }: TypedNameProps) {
  const form = useFields(
    { initialValues: { name: '' }, validate: { name: (typed) => typed.trim() !== name && `This is not ${name}.` } },
    undefined,
  );
  return (
    <form className="stack" onSubmit={form.onSubmit(() => (remove.isPending ? undefined : remove.mutate()))}>
      <p>{children}</p>
      <TextInput data-autofocus label={`Type the name: ${name}`} required {...form.getInputProps('name')} />
      {remove.error != null && <ProblemWords error={remove.error} />}
      <div>
        <Permitted permission={permission} {...removes} variant="filled" type="submit">
          {action}
        </Permitted>
      </div>
    </form>
  );
}
