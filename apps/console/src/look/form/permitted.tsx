import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import { createLink, useParams } from '@tanstack/react-router';
import { type ComponentProps, type MouseEvent, type ReactNode, useId } from 'react';
import { useMay } from '../../session/me.ts';
import { needs, type Permission } from '../../session/permissions.ts';

interface PermittedProps extends ButtonProps {
  readonly permission: Permission;
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly type?: 'button' | 'submit';
}

/** How a button looks that takes something away. */
export const removes = { variant: 'outline', color: 'var(--bad)' } as const;

/** A button for an action that needs a permission. Without it the button stays in its place, can be focused, says what is needed, and takes
 * the Enter of its form. */
export function Permitted({ permission, onClick, type = 'button', ...props }: PermittedProps) {
  const { org = '' } = useParams({ strict: false });
  const id = useId();
  // While that is not known, the service decides.
  if (useMay(org, permission) !== false) return <Button {...props} type={type} onClick={onClick} />;
  const why = needs(org, permission);
  return (
    <Tooltip label={why}>
      <span>
        <Button
          {...props}
          type={type}
          disabled={false}
          data-disabled
          aria-disabled
          aria-describedby={id}
          onClick={(event: MouseEvent) => event.preventDefault()}
        />
        <span id={id} className="visually-hidden">
          {why}
        </span>
      </span>
    </Tooltip>
  );
}

interface PermittedAnchorProps extends ButtonProps, Omit<ComponentProps<'a'>, keyof ButtonProps> {
  readonly permission: Permission;
}

function PermittedAnchor({ permission, ...props }: PermittedAnchorProps) {
  const { org = '' } = useParams({ strict: false });
  if (useMay(org, permission) !== false) return <Button component="a" {...props} />;
  return <Permitted permission={permission}>{props.children}</Permitted>;
}

/** A link that looks like a button, to a drawer whose action needs a permission. */
export const PermittedLink = createLink(PermittedAnchor);
