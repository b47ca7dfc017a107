import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { browser } from '../browser.ts';
import { Notice } from '../look/notice/notice.tsx';
import { Title } from '../look/title.tsx';
import classes from './frame.module.css';
import { NotLoaded } from './screen-code.ts';

/** Takes the place of the whole console if the header or the navigation fails. */
export const FrameCrash = (props: ErrorComponentProps) => (
  <main className={classes.main}>
    <Crash {...props} />
  </main>
);

/** What stands in the place of a screen that failed; header and navigation stay. */
export function Crash({ error, reset }: ErrorComponentProps) {
  const isLoaded = !(error instanceof NotLoaded);
  const again = () => void (isLoaded ? reset() : error.loadAgain().then(reset));
  const actions = (
    <>
      {!isLoaded && (
        <Button variant="filled" onClick={browser.reload}>
          Reload
        </Button>
      )}
      <Button onClick={again}>Try again</Button>
    </>
  );
  return (
    <>
      <Title text={isLoaded ? 'Screen failed' : 'Screen not loaded'} />
      <Notice tone="bad" actions={actions}>
        {isLoaded ? (
          <>
            This screen failed because of a bug in the console. Please report it with this text:{' '}
            <code>{String(error)}</code>
          </>
        ) : (
          'This screen could not be loaded: the console was updated, or this browser is offline. Reload to get the new version. Unsaved input on this page is lost then.'
        )}
      </Notice>
    </>
  );
}
