import { type MentionPlace, mentionAt } from '@pagebridge/vocabulary';
import { useCallback, useRef, useState } from 'react';

export type Writing = ReturnType<typeof useWriting>;

type Part = Pick<MentionPlace, 'start' | 'end'>;

/**
 * Knows the handle that is being typed in a field, whose menu is open. React never writes into the field: its text changes only by
 * the person and by `replace`, so that no composition and no step of undo is lost.
 */
export function useWriting() {
  const field = useRef<HTMLTextAreaElement>(null);
  const [place, setPlace] = useState<MentionPlace>();
  const closedAt = useRef<number>(undefined);
  const leave = () => setPlace(undefined);

  /** Follows the caret. Only typing opens the menu: moving through a handle that stands there does not. */
  function follow(isTyped: boolean): void {
    if (!field.current) return;
    const { value, selectionStart, selectionEnd } = field.current;
    const now = selectionStart === selectionEnd ? mentionAt(value, selectionStart) : undefined;
    if (now?.start !== closedAt.current) closedAt.current = undefined;
    const mayOpen = isTyped && closedAt.current === undefined;
    setPlace((former) => (mayOpen || now?.start === former?.start ? now : undefined));
  }

  /** Closes the menu until another handle is typed. */
  function close(): void {
    closedAt.current = place?.start;
    leave();
  }

  /** Replaces parts of the text, given from the last to the first. */
  const replace = useCallback((parts: readonly Part[], text: string) => {
    if (!field.current) return;
    for (const part of parts) replacePart(field.current, part, text);
    closedAt.current = parts.at(-1)?.start;
    setPlace(undefined);
  }, []);

  return { field, place, follow, leave, close, replace };
}

function replacePart(field: HTMLTextAreaElement, { start, end }: Part, text: string): void {
  field.focus();
  field.setSelectionRange(start, end);
  // Deprecated, and the only way to change a field that the browser's undo knows.
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, start, end, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}
