import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { tellRefreshed } from './list/use-first-order.ts';
import { Time } from './time/time.tsx';
import classes from './title.module.css';

interface TitleProps {
  readonly text: string;
  /** What the screen reads. */
  readonly query?: Pick<UseQueryResult, 'dataUpdatedAt' | 'refetch'>;
  /** The actions of the screen. */
  readonly children?: ReactNode;
}

// The first screen of a page: the browser itself tells that a page has come.
let isFirst = true;

/** The head of a screen, and the title of its tab. It takes the focus when its screen is opened, unless the screen gives it away itself. */
export function Title({ text, query, children }: TitleProps) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst && !document.activeElement?.closest('main, [role="dialog"]')) head.current?.focus();
    isFirst = false;
  }, []);
  useEffect(() => {
    document.title = `${text} · Pagebridge`;
  }, [text]);
  return (
    <div className={classes.title}>
      <h1 ref={head} tabIndex={-1}>
        <bdi>{text}</bdi>
      </h1>
      <div className="row">
        {query?.dataUpdatedAt ? (
          <span className="dim">
            as of <Time at={query.dataUpdatedAt} />
          </span>
        ) : null}
        {query && (
          <Button
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => void query.refetch().then(tellRefreshed)}
          >
            Refresh
          </Button>
        )}
        {children}
      </div>
    </div>
  );
}
