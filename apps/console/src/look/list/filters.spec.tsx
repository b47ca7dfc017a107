import { describe, expect, it } from '@jest/globals';
import { act, screen, waitFor } from '@testing-library/react';
import { openConsole } from '../../console.fixtures.tsx';

describe('a field that filters', () => {
  it('keeps a space that was typed before a pause, and what is typed after it', async () => {
    const { user } = openConsole('/o/acme-us/alerts');
    const field = await screen.findByRole<HTMLInputElement>('searchbox', { name: /^Title, text or key/ });
    await user.type(field, 'disk ');
    await waitFor(() => expect(window.location.search).toBe('?q=disk'));
    await user.type(field, 'full');
    await waitFor(() => expect(window.location.search).toMatch(/^\?q=disk(\+|%20)full$/));
    expect(field.value).toBe('disk full');
  });

  it('shows the filter of an address to which a link leads', async () => {
    const { router } = openConsole('/o/acme-us/alerts?q=disk');
    const field = await screen.findByRole<HTMLInputElement>('searchbox', { name: /^Title, text or key/ });
    const params = { org: 'acme-us' };
    await act(() => router.navigate({ to: '/o/$org/alerts', params, search: { q: 'cpu' } }));
    await waitFor(() => expect(field.value).toBe('cpu'));
  });
});

describe('a link to a list without filters', () => {
  it.each([
    ['/alerts?state=waiting', /^Clear filters$/],
    ['/audit?actor=ada', /^All changes$/],
    ['/dead-letters?reason=too-old', /^All dead letters$/],
    ['/connections?status=failing', /^All \d+$/],
  ])('is no current item while there is a filter: %s', async (path, name) => {
    openConsole(`/o/acme-us${path}`);
    const link = await screen.findByRole('link', { name });
    expect(link.getAttribute('aria-current')).toBeNull();
  });
});
