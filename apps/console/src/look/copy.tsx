import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCopy } from '@tabler/icons-react';

interface CopyProps {
  /** Or what makes it, once it is copied. */
  readonly text: string | (() => string);
  /** What is copied, for those who hear it. */
  readonly what: string;
  /** Whether the button shows what it copies, too. */
  readonly isNamed?: boolean;
}

/** A button that copies a text. */
export function Copy({ text, what, isNamed = false }: CopyProps) {
  const { copied, error, copy } = useClipboard({ timeout: 2000 });
  return (
    <Button
      leftSection={<IconCopy size={14} aria-hidden />}
      aria-label={`Copy ${what}`}
      onClick={() => copy(typeof text === 'string' ? text : text())}
    >
      <span aria-live="polite">
        {error ? 'Not copied: select the text' : copied ? 'Copied' : isNamed ? `Copy ${what}` : 'Copy'}
      </span>
    </Button>
  );
}
