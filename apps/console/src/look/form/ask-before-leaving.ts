import { useBlocker } from '@tanstack/react-router';
import { useAsk } from './ask.tsx';

/** Asks a question before the screen, the drawer or the page is left; nothing is asked without one. */
export function useAskBeforeLeaving(question = ''): void {
  const ask = useAsk();
  const stays = (tell: (stays: boolean) => void) =>
    ask(
      'Leave',
      question,
      () => tell(false),
      () => tell(true),
    );
  useBlocker({ shouldBlockFn: () => new Promise(stays), enableBeforeUnload: true, disabled: question === '' });
}
