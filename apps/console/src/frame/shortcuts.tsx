import { Drawer } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { tellRefreshed } from '../look/list/use-first-order.ts';
import { screens } from './screens.ts';
import { useSingleKeys } from './single-keys.ts';

const meanings = [
  ['/', 'Find an alert key or page id'],
  ...screens.map(({ key, name }) => [`g ${key}`, name]),
  ['r', 'Refresh the screen'],
  ['?', 'Show this list'],
];

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
      const screen = former.current === 'g' ? screens.find((its) => its.key === key) : undefined;
      former.current = key;
      if (screen && org) void navigate({ to: screen.to, params: { org } });
      else if (key === 'r') void queries.invalidateQueries().then(tellRefreshed);
      else if (key === '?') setListed(true);
      else if (key === '/') document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [areOn, org, navigate, queries]);
  return (
    <Drawer opened={isListed} onClose={() => setListed(false)} title="Keyboard shortcuts">
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
    </Drawer>
  );
}
