import { Button, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useEffect, useRef, useState } from 'react';
import classes from './key-field.module.css';
import { type KeyName, misplaced } from './key-shape.ts';

interface KeyFieldProps {
  readonly name: KeyName;
  readonly label: string;
  readonly description?: string;
  readonly form: Pick<UseFormReturnType<{ readonly [name in KeyName]: string }>, 'getInputProps'>;
}

/** A key. On the page it is nowhere but in its field, which is cleared when it leaves the page. */
export function KeyField({ name, form, ...others }: KeyFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const its = input.current;
    return () => {
      if (its) its.value = '';
    };
  }, []);
  const word = isShown ? 'Hide' : 'Show';
  const toggle = (
    <Button aria-label={`${word} the ${others.label}`} onClick={() => setShown(!isShown)}>
      {word}
    </Button>
  );
  // React would write a value into the attribute, too, where everything that reads the page finds it.
  const { value, error, ...field } = form.getInputProps(name);
  return (
    <TextInput
      {...others}
      {...field}
      ref={input}
      data-autofocus={name === 'apiKey' || undefined}
      required
      maxLength={1024}
      autoCapitalize="off"
      classNames={isShown ? {} : { input: classes.masked ?? '' }}
      rightSection={toggle}
      rightSectionWidth={64}
      error={misplaced(name, value) ?? error}
    />
  );
}
