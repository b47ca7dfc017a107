import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { Time } from './time/time.tsx';
import classes from './title.module.css';

interface TitleProps {
  readonly text: string;
  /** When the screen was read, in milliseconds; 0 or absent if it was not. */
  readonly asOf?: number;
  readonly onRefresh?: () => void;
  /** The actions of the screen. */
  readonly children?: ReactNode;
}

/** The head of a screen, and the title of its tab. */
export function Title({ text, asOf, onRefresh, children }: TitleProps) {
  useEffect(() => {
    document.title = `${text} · Pagebridge`;
  }, [text]);
  return (
    <div className={classes.title}>
      <h1>{text}</h1>
      <div className="row">
        {asOf ? (
          <span className="dim">
            as of <Time at={asOf} />
          </span>
        ) : null}
        {onRefresh && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={onRefresh}
          >
            Refresh
          </Button>
        )}
        {children}
      </div>
    </div>
  );
}
