import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly type?: 'search' | 'datetime-local';
}

/** A text that filters a list; told once typing has paused. `/` goes to it. */
export function FilterField({ label, value, onChange, type = 'search' }: FilterFieldProps) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const tell = useDebouncedCallback((typed: string) => {
    told.current = typed;
    onChange(typed);
  }, 300);
  useEffect(() => {
    // It is what was typed here, perhaps without spaces at its ends: more may have been typed since.
    if (value.trim() === told.current.trim()) return;
    // A link or Back has changed the filter from outside.
    told.current = value;
    setText(value);
  }, [value]);
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
