import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Permission } from '../../session/permissions.ts';
import { ProblemWords } from '../notice/problem-words.tsx';
import { Permitted, removes } from './permitted.tsx';
import { useFields } from './use-fields.ts';

interface ConfirmProps {
  /** What the button does. */
  readonly action: string;
  /** What that leads to. */
  readonly children: ReactNode;
  readonly onAgree: () => void;
  readonly onCancel?: () => void;
  readonly permission?: Permission;
  /** The name of what is removed for ever: only who types it agrees. */
  readonly name?: string;
  readonly error?: unknown;
}

/** Says what an action leads to, and asks whether to do it. */
export function Confirm({ action, children, onAgree, onCancel, permission, name = '', error }: ConfirmProps) {
  const validate = { name: (typed: string) => typed.trim() !== name && `This is not ${name}.` };
  const form = useFields({ initialValues: { name: '' }, validate });
  return (
    <form className="stack" onSubmit={form.onSubmit(() => onAgree())}>
      <p>{children}</p>
      {name && <TextInput data-autofocus label={`Type the name: ${name}`} required {...form.getInputProps('name')} />}
      {error != null && <ProblemWords error={error} />}
      <div className="row">
        {permission ? (
          <Permitted permission={permission} {...removes} variant="filled" type="submit">
            {action}
          </Permitted>
        ) : (
          <Button variant="filled" type="submit" data-autofocus>
            {action}
          </Button>
        )}
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      </div>
    </form>
  );
}
