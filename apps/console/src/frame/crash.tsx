import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { browser } from '../browser.ts';
import { Notice } from '../look/notice/notice.tsx';
import { NotLoaded } from './screen-code.ts';

/** What stands in the place of a screen that failed; header and navigation stay. */
export function Crash({ error, reset }: ErrorComponentProps) {
  if (error instanceof NotLoaded) return <CodeMissing error={error} reset={reset} />;
  const again = <Button onClick={reset}>Try again</Button>;
  return (
    <Notice tone="bad" actions={again}>
      This screen failed because of a bug in the console. Please report it with this text: <code>{String(error)}</code>
    </Notice>
  );
}

function CodeMissing({ error, reset }: { readonly error: NotLoaded; readonly reset: () => void }) {
  const again = () => void error.loadAgain().then(reset);
  return (
    <Notice
      tone="bad"
      actions={
        <>
          <Button variant="filled" onClick={() => browser.reload()}>
            Reload
          </Button>
          <Button onClick={again}>Try again</Button>
        </>
      }
    >
      This screen could not be loaded: the console was updated, or this browser is offline. Reload to get the new
      version. Unsaved input on this page is lost then.
    </Notice>
  );
}
