import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { browser } from '../browser.ts';
import { Notice } from '../look/notice/notice.tsx';
import { sessionQuery } from './session.ts';

/** Says that another person has signed in with this browser since the page was opened. The gateway refuses changes from it. */
export function OtherPerson() {
  const { data: session } = useQuery(sessionQuery);
  if (!session || session.subject === session.openedFor) return null;
  const reload = (
    <Button variant="filled" onClick={browser.reload}>
      Reload
    </Button>
  );
  return (
    <Notice tone="waiting" actions={reload}>
      {session.name} is signed in now, but somebody else opened this page. Reload before you change anything; unsaved
      input is lost then.
    </Notice>
  );
}
