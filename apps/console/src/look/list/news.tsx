import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './news.module.css';
import type { Steady } from './use-steady.ts';

type NewsProps = Pick<Steady<unknown>, 'news' | 'gone' | 'show'> & {
  /** Whether it is the first page, where new rows come. */
  readonly isFirst: boolean;
  /** What the list shows, while there is nothing new: `50 alerts, latest first`. */
  readonly children: ReactNode;
};

/** Says that the list is another by now, and shows that one when asked. */
export function News({ news, gone, show, isFirst, children }: NewsProps) {
  const come = isFirst ? news : 0;
  return (
    <div className={`row ${classes.news}`}>
      {come + gone === 0 && <span className="dim">{children}</span>}
      <div className="row" role="status">
        {come > 0 && <span>{come === 1 ? '1 new row.' : `${come < 50 ? come : '50 or more'} new rows.`}</span>}
        {gone > 0 && (
          <span>
            {gone} {gone === 1 ? 'row is' : 'rows are'} outdated.
          </span>
        )}
        {come + gone > 0 && <Button onClick={show}>Show new</Button>}
      </div>
    </div>
  );
}
