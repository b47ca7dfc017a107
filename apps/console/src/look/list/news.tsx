import { Button } from '@mantine/core';
import classes from './news.module.css';
import type { Steady } from './use-steady.ts';

/** How many rows have come since the list was shown, and the button that shows them. `isFirst`: it is the first page, where they come. */
export function News({ news, show, isFirst }: Pick<Steady<unknown>, 'news' | 'show'> & { readonly isFirst: boolean }) {
  return (
    <div className={`row ${classes.news}`} role="status">
      {isFirst && news > 0 && (
        <>
          <span>{news === 1 ? '1 is new' : `${news < 50 ? news : '50 or more'} are new`}.</span>
          <Button onClick={show}>Show</Button>
        </>
      )}
    </div>
  );
}
