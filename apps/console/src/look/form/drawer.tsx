import { Drawer as MantineDrawer } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useAskBeforeLeaving } from './ask-before-leaving.ts';

interface DrawerProps {
  readonly title: string;
  readonly onClose: () => void;
  /** What is asked before it is left with something typed, unless that was stored: who stores it navigates with `ignoreBlocker`. */
  readonly question?: string | undefined;
  /** Whether it is asked although nothing was typed. */
  readonly isUnsaved?: boolean;
  readonly children: ReactNode;
}

/** A drawer at the right, which takes the focus and gives it back. Its address is that of a route. */
export function Drawer({
  title,
  onClose,
  question = 'Close without saving your changes?',
  isUnsaved = false,
  children,
}: DrawerProps) {
  const [isTyped, setTyped] = useState(false);
  useAskBeforeLeaving(isTyped || isUnsaved ? question : undefined);
  // Mantine gives the focus back when `opened` changes; here the whole drawer comes and goes.
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <MantineDrawer opened onClose={onClose} title={title} onInput={() => setTyped(true)}>
      {children}
    </MantineDrawer>
  );
}
