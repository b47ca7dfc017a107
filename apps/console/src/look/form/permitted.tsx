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

/** A button for an action that needs a permission. Without it the button stays in its place, can be focused, and says what is needed. */
export function Permitted({ permission, onClick, type = 'button', ...props }: PermittedProps) {
  const { org = '' } = useParams({ strict: false });
  const id = useId();
  if (useMay(org, permission))
    return <Button size="compact-sm" variant="default" {...props} type={type} onClick={onClick} />;
  const why = needs(org, permission);
  return (
    <Tooltip label={why}>
      <span>
        <Button
          size="compact-sm"
          variant="default"
          {...props}
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

function PermittedAnchor({ permission, children, ...props }: PermittedAnchorProps) {
  const { org = '' } = useParams({ strict: false });
  const isAllowed = useMay(org, permission);
  if (!isAllowed) return <Permitted permission={permission}>{children}</Permitted>;
  return (
    <Button component="a" size="compact-sm" variant="default" {...props}>
      {children}
    </Button>
  );
}

/** A link that looks like a button, to a drawer whose action needs a permission. */
export const PermittedLink = createLink(PermittedAnchor);
