import { describe, expect, it } from '@jest/globals';
import { act, screen } from '@testing-library/react';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';

const at = '2026-01-01T00:00:00Z';
const titled = (titles: string) => (example: { items: object[] }) => ({
  ...example,
  items: [...titles].map((title) => ({
    ...example.items[0],
    title,
    alertKey: title,
    eventId: title,
    at,
    offset: title.charCodeAt(0),
  })),
});

describe('a list whose rows stay where they are', () => {
  it.each(['alerts', 'dead-letters'])('belongs to one org: %s', async (list) => {
    const services = new Services();
    // Each org has its own answer: on the way back, a list that was read some seconds ago is read again.
    const of = (org: string) => `GET /v1/source-orgs/${org}/${list}`;
    await services.change(of('{org}'), titled('A'), of('acme-us'));
    await services.change(of('{org}'), titled('B'), of('other'));
    const { router } = openConsole(`/o/acme-us/${list}`, services);
    await screen.findByRole('link', { name: /^A( A)?$/ });
    const go = (org: string) => act(() => router.navigate({ to: `/o/$org/${list}`, params: { org } }));
    await go('other');
    await screen.findByRole('link', { name: /^B( B)?$/ });
    await go('acme-us');
    await screen.findByRole('link', { name: /^A( A)?$/ });
    expect(screen.queryByText(/outdated/)).toBeNull();
  });

  it.each([
    ['XYA', '2 new rows.', null],
    ['XYZ', '3 new rows.', null],
    ['XAC', '1 new row.', '1 row is outdated.'],
  ])('takes none for outdated that new ones have moved to the next page: %s', async (titles, news, outdated) => {
    const services = new Services();
    const route = 'GET /v1/source-orgs/{org}/alerts';
    await services.change(route, titled('ABC'));
    const { user } = openConsole('/o/acme-us/alerts', services);
    await screen.findByRole('link', { name: /^A( A)?$/ });
    await services.change(route, titled(titles));
    await user.click(screen.getByRole('button', { name: 'Refresh' }));
    await screen.findByText(news);
    expect(screen.queryByText(/outdated/)?.textContent ?? null).toBe(outdated);
  });
});
