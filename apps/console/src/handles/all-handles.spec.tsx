import { expect, it } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import type { Connection } from '../connections/queries.ts';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';

const handles = 'GET /v1/source-orgs/{org}/handles';

it('the list of handles says whose handles handle-sync leaves out, and why', async () => {
  const services = new Services();
  const states = { Globex: 'failing', Hooli: 'failing', Initech: 'disabled', Umbrella: 'active' } as const;
  await services.change<{ items: Connection[] }>('GET /v1/source-orgs/{org}/connections', ({ items: [one] }) => ({
    items: Object.entries(states).map(([name, status]) => ({ ...one, id: name, name, status })),
  }));
  // Only page-delivery cannot use the keys of Hooli.
  const listed = new Set<string | null>([null, 'Hooli', 'Umbrella']);
  services.on(handles, ({ url }) => {
    const isListed = listed.has(new URL(url).searchParams.get('connection'));
    return Response.json({ items: [], next: null, total: isListed ? 3 : 0 });
  });
  openConsole('/o/acme-us/handles', services);
  const notes = () => screen.queryAllByText(/^Handles of/).map(({ textContent }) => textContent);
  await waitFor(() =>
    expect(notes()).toEqual([
      'Handles of Globex are not shown while its keys fail.',
      'Handles of Initech are not shown while it is disabled.',
    ]),
  );
});
