import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Time } from './time/time.tsx';
import classes from './title.module.css';

interface TitleProps {
  readonly text: string;
  /** What the screen reads. */
  readonly query?: Pick<UseQueryResult, 'dataUpdatedAt' | 'refetch'>;
  /** The actions of the screen. */
  readonly children?: ReactNode;
}

/** The head of a screen, and the title of its tab. */
export function Title({ text, query, children }: TitleProps) {
  useEffect(() => {
    document.title = `${text} · Pagebridge`;
  }, [text]);
  return (
    <div className={classes.title}>
      <h1>
        <bdi>{text}</bdi>
      </h1>
      <div className="row">
        {query?.dataUpdatedAt ? (
          <span className="dim">
            as of <Time at={query.dataUpdatedAt} />
          </span>
        ) : null}
        {query && (
          <Button leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => void query.refetch()}>
            Refresh
          </Button>
        )}
        {children}
      </div>
    </div>
  );
}
