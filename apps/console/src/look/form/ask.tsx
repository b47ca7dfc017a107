import { Modal } from '@mantine/core';
import { useRouterState } from '@tanstack/react-router';
import { createContext, type ReactNode, use, useState } from 'react';
import { Confirm } from './confirm.tsx';

type Answer = () => void;
type Ask = (action: string, words: string, onAgree: Answer, onCancel?: Answer) => void;

const Context = createContext<Ask>(() => {});

/** Returns what asks over the screen whether to do something; `words` say what that leads to. */
export const useAsk = () => use(Context);

/** Shows what a screen asks. */
export function Asks({ children }: { readonly children: ReactNode }) {
  const href = useRouterState({ select: ({ location }) => location.href });
  const [asked, setAsked] = useState<{ of: string; action: string; words: string; yes: Answer; no: Answer }>();
  // A question goes with its screen.
  if (asked && asked.of !== href) setAsked(undefined);
  const ask: Ask = (action, words, yes, no = () => {}) => {
    // The key that leaves a question leaves the drawer below, too, which asks again.
    if (asked) no();
    else setAsked({ of: href, action, words, yes, no });
  };
  const end = (answer: 'yes' | 'no') => () => {
    setAsked(undefined);
    asked?.[answer]();
  };
  return (
    <Context value={ask}>
      {children}
      <Modal
        opened={asked !== undefined}
        onClose={end('no')}
        title={asked?.action}
        withCloseButton={false}
        // Mantine listens at the window: it would close the question by the very key that has just asked it.
        closeOnEscape={false}
        onKeyDown={({ key }) => key === 'Escape' && end('no')()}
      >
        {asked && (
          <Confirm action={asked.action} onAgree={end('yes')} onCancel={end('no')}>
            {asked.words}
          </Confirm>
        )}
      </Modal>
    </Context>
  );
}
