import { TextInput } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Permission } from '../../session/permissions.ts';
import { ProblemWords } from '../notice/problem-words.tsx';
import { valuesOf } from './field-errors.ts';
import { Permitted, removes } from './permitted.tsx';

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
  const [isOther, setOther] = useState(false);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const isIts = valuesOf(event.currentTarget).name === name;
        setOther(!isIts);
        if (isIts && !remove.isPending) remove.mutate();
      }}
    >
      <p>{children}</p>
      <TextInput
        name="name"
        data-autofocus
        label={`Type the name: ${name}`}
        required
        error={isOther && `This is not ${name}.`}
      />
      {remove.error != null && <ProblemWords error={remove.error} />}
      <div>
        <Permitted permission={permission} {...removes} variant="filled" type="submit">
          {action}
        </Permitted>
      </div>
    </form>
  );
}
