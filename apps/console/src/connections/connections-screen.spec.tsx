import { expect, it } from '@jest/globals';
import { act, screen, waitFor } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';
import type { Connection } from './queries.ts';

const services = new Services();

/** Two connections, of which one fails. */
const failing = (its: string) =>
  services.change<{ items: Connection[] }>('GET /v1/source-orgs/{org}/connections', ({ items: [one] }) => ({
    items: ['A', 'B'].map((name) => ({ ...one, id: name, name, status: name === its ? 'failing' : 'active' })),
  }));

const names = () => screen.queryAllByRole('link', { name: /^[AB]$/ }).map(({ textContent }) => textContent);

const again: [string, (user: UserEvent) => Promise<void>][] = [
  ['the button', (user) => user.click(screen.getByRole('button', { name: 'Refresh' }))],
  ['its key', (user) => user.keyboard('r')],
];

it.each(again)('connections that fail come first again once the list is refreshed by %s', async (_, refresh) => {
  await failing('B');
  const { user } = openConsole('/o/acme-us/connections', services);
  await waitFor(() => expect(names()).toEqual(['B', 'A']));
  await failing('A');
  await refresh(user);
  await waitFor(() => expect(names()).toEqual(['A', 'B']));
});

it('connections that fail come first also when a filter is cleared that left them out', async () => {
  await failing('B');
  const { router } = openConsole('/o/acme-us/connections?status=active', services);
  await waitFor(() => expect(names()).toEqual(['A']));
  await act(() => router.navigate({ to: '/o/$org/connections', params: { org: 'acme-us' } }));
  await waitFor(() => expect(names()).toEqual(['B', 'A']));
});
