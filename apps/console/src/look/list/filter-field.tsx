import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly type?: 'search' | 'datetime-local';
}

/** A text that filters a list; told once typing has paused. `/` goes to it. */
export function FilterField({ label, value, onChange, type = 'search' }: FilterFieldProps) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback(onChange, 300);
  // A link or Back changes the filter from outside.
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      type={type}
      {...(type === 'search' ? { 'aria-label': label, placeholder: label } : { label, step: 1 })}
      maxLength={200}
      value={text}
      // Whoever leaves the field goes elsewhere: told later, the filter would lead back here.
      onBlur={tell.flush}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        tell(currentTarget.value);
      }}
    />
  );
}
