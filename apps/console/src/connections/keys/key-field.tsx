import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import classes from './key-field.module.css';
import { type KeyName, misplaced } from './key-shape.ts';

interface KeyFieldProps {
  readonly name: KeyName;
  readonly label: string;
  readonly description?: string;
  readonly error: string | undefined;
}

/** A key. It is nowhere but in its field, which is cleared when it leaves the page. */
export function KeyField({ label, error, ...others }: KeyFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isShown, setShown] = useState(false);
  const [hint, setHint] = useState<string>();
  useEffect(() => {
    const its = input.current;
    return () => {
      if (its) its.value = '';
    };
  }, []);
  const word = isShown ? 'Hide' : 'Show';
  const toggle = (
    <Button aria-label={`${word} the ${label}`} onClick={() => setShown(!isShown)}>
      {word}
    </Button>
  );
  return (
    <TextInput
      {...others}
      ref={input}
      label={label}
      data-autofocus={others.name === 'apiKey' || undefined}
      required
      maxLength={1024}
      autoCapitalize="off"
      classNames={isShown ? {} : { input: classes.masked ?? '' }}
      rightSection={toggle}
      rightSectionWidth={64}
      error={hint ?? error}
      onInput={({ currentTarget }) => setHint(misplaced(others.name, currentTarget.value))}
    />
  );
}
