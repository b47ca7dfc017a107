import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Notice } from '../look/notice/notice.tsx';

/** What stands in the place of a screen that failed; header and navigation stay. */
export function Crash({ error, reset }: ErrorComponentProps) {
  const again = <Button onClick={reset}>Try again</Button>;
  return (
    <Notice tone="bad" actions={again}>
      This screen failed because of a bug in the console. Please report it with this text: <code>{String(error)}</code>
    </Notice>
  );
}
