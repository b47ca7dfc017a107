import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

/** Opens the trace of an alert by its key, or of a page by its id. */
export function Find({ org }: { readonly org: string }) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const find = (event: { preventDefault: () => void }) => {
    event.preventDefault();
    const id = text.trim();
    if (id === '') return;
    setText('');
    void navigate({ to: '/o/$org/trace', params: { org }, search: { find: id } });
  };
  return (
    <form onSubmit={find}>
      <TextInput
        type="search"
        aria-label="Alert key or page id"
        placeholder="Alert key or page id"
        maxLength={512}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
    </form>
  );
}
