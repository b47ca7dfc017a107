import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useSingleKeys } from './single-keys.ts';

const screens = { c: 'connections', h: 'handles', e: 'explain', s: 'settings', a: 'audit', t: 'tokens' } as const;

const meanings = [
  ['/', 'Go to the filter of the screen'],
  ['g c', 'Connections'],
  ['g h', 'Handles'],
  ['g e', 'Explain'],
  ['g s', 'Settings'],
  ['g a', 'Audit'],
  ['g t', 'Tokens'],
  ['r', 'Read the screen again'],
  ['?', 'This list'],
] as const;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role="menu"]') !== null;

/** The single keys of the console. They do nothing in fields, and nothing at all if the person has turned them off. */
export function Shortcuts() {
  const { org } = useParams({ strict: false });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [areOn] = useSingleKeys();
  const [isListed, setListed] = useState(false);
  const former = useRef('');
  useEffect(() => {
    if (!areOn) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const { key } = event;
      const screen = former.current === 'g' && key in screens ? screens[key as keyof typeof screens] : undefined;
      former.current = key;
      if (screen && org) void navigate({ to: `/o/$org/${screen}`, params: { org } });
      else if (key === 'r') void queries.invalidateQueries();
      else if (key === '?') setListed(true);
      else if (key === '/') document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [areOn, org, navigate, queries]);
  return (
    <Modal opened={isListed} onClose={() => setListed(false)} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl>
        {meanings.map(([keys, meaning]) => (
          <div key={keys} className="row">
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
