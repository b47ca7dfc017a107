import { Drawer as MantineDrawer } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';

interface DrawerProps {
  readonly title: string;
  readonly onClose: () => void;
  /** What is asked, once, if closing would lose what was typed. */
  readonly question?: string | undefined;
  readonly children: ReactNode;
}

/** A drawer at the right, which takes the focus and gives it back. Its address is that of a route. */
export function Drawer({ title, onClose, question, children }: DrawerProps) {
  const [isTyped, setTyped] = useState(false);
  // Mantine gives the focus back when `opened` changes; here the whole drawer comes and goes.
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const close = () => {
    if (!isTyped || window.confirm(question ?? 'Close without saving what you typed?')) onClose();
  };
  return (
    <MantineDrawer
      opened
      onClose={close}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      onInput={() => setTyped(true)}
    >
      {children}
    </MantineDrawer>
  );
}
