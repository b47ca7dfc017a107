import { useBlocker } from '@tanstack/react-router';

/** Asks a question before the screen, the drawer or the page is left; nothing is asked without one. */
export const useAskBeforeLeaving = (question: string | undefined): void =>
  useBlocker({
    shouldBlockFn: () => question !== undefined && !window.confirm(question),
    enableBeforeUnload: question !== undefined,
    disabled: question === undefined,
  });
