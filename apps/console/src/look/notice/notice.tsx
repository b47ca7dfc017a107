import type { ReactNode } from 'react';
import classes from './notice.module.css';

interface NoticeProps {
  readonly tone?: 'bad' | 'waiting' | 'note';
  readonly children: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
}

/** A sentence in its place on the page, with what one can do about it. Never floats, never goes away by itself. */
export function Notice({ tone = 'note', children, actions }: NoticeProps) {
  return (
    <div className={`${classes.notice} ${classes[tone]}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div className={classes.text}>{children}</div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
