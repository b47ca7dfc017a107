import type { ReactNode } from 'react';
import { Copy } from '../look/copy.tsx';

/** What is asked before a drawer with a new token closes. */
export const askIfStored = 'Did you store the token? It is not shown again.';

interface TokenOnceProps {
  readonly token: string;
  /** What to do with it. */
  readonly children?: ReactNode;
}

/** A token that was just made: its text is only here, and gone when this closes. */
export const TokenOnce = ({ token, children }: TokenOnceProps) => (
  <div ref={focus} tabIndex={-1} className="stack">
    <p>Store the token as a secret now. It is not shown again. Services accept it within two seconds.</p>
    <code>{token}</code>
    <Copy text={token} what="the token" />
    {children}
  </div>
);

/** The button that had the focus is gone. */
const focus = (made: HTMLElement | null): void => made?.focus();
