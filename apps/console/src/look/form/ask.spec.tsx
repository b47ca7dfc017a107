import { describe, expect, it } from '@jest/globals';
import { screen, waitFor, within } from '@testing-library/react';
import type { CheckedConnection } from '../../connections/queries.ts';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';

const question = async (words: RegExp) => within((await screen.findByText(words)).closest('section') as HTMLElement);
const press = (name: string) => ({ name, hidden: true }) as const;

describe('a question', () => {
  it('before an action gives the focus back, and has nothing done unless the person agrees', async () => {
    const services = new Services();
    await services.change<CheckedConnection>('GET /v1/source-orgs/{org}/connections/{id}', (example) => ({
      ...example,
      enabled: true,
      deletion: undefined,
    }));
    const { user } = openConsole('/o/acme-us/connections/1', services);
    const change = () => services.asked('PATCH /v1/source-orgs/{org}/connections/{id}');
    const disable = await screen.findByRole('button', { name: 'Disable' });
    await user.click(disable);
    await user.click((await question(/until the connection is enabled/)).getByRole('button', press('Cancel')));
    await waitFor(() => expect(document.activeElement).toBe(disable));
    expect(change()).toHaveLength(0);
    await user.click(disable);
    await user.click((await question(/until the connection is enabled/)).getByRole('button', press('Disable')));
    await waitFor(() => expect(change()).toHaveLength(1));
    expect(await change()[0]?.json()).toEqual({ enabled: false });
  });

  it('before a drawer is left keeps that open, and what was typed, until the person agrees', async () => {
    const { user, router } = openConsole('/o/acme-us/connections/new');
    const name = await screen.findByLabelText<HTMLInputElement>(/^Connection Name/);
    await user.type(name, 'Globex EU');
    await user.keyboard('{Escape}');
    await question(/^Close without saving your changes/);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByText(/^Close without saving/)).toBeNull());
    await user.type(name, ', again');
    expect(screen.queryByText(/^Close without saving/)).toBeNull();
    expect(name.isConnected && name.value).toBe('Globex EU, again');
    await user.keyboard('{Escape}');
    await user.click((await question(/^Close without saving your changes/)).getByRole('button', press('Leave')));
    await waitFor(() => expect(router.state.location.pathname).toBe('/o/acme-us/connections'));
  });
});
