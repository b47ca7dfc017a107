import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Notice } from '../look/notice/notice.tsx';

/** Says that the console was updated: only once a part of the former release could not be loaded any more. */
export function NewRelease() {
  const [isNew, setNew] = useState(false);
  useEffect(() => {
    const onError = (event: Event) => {
      event.preventDefault();
      setNew(true);
    };
    window.addEventListener('vite:preloadError', onError);
    return () => window.removeEventListener('vite:preloadError', onError);
  }, []);
  if (!isNew) return null;
  const reload = (
    <Button variant="filled" onClick={() => window.location.reload()}>
      Reload
    </Button>
  );
  return <Notice actions={reload}>The console was updated.</Notice>;
}
