import { describe, expect, it, jest } from '@jest/globals';
import { screen } from '@testing-library/react';
import { queryClient } from '../api/query-client.ts';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';

describe('the header', () => {
  it('says since when the state of the connections is unknown, once they cannot be read any more', async () => {
    const { services } = openConsole('/o/acme-us/handles');
    await screen.findByText('1 connection active');
    services.refuse('GET /v1/source-orgs/{org}/connections', 503, 'database-unavailable');
    await queryClient.invalidateQueries({ queryKey: ['connection-management'] });
    const link = await screen.findByRole('link', { name: /^Connection status unknown since \d/ });
    expect(link.getAttribute('href')).toBe('/o/acme-us/connections');
    expect(screen.queryByText('1 connection active')).toBeNull();
  });

  it('names the zone of all times', async () => {
    openConsole('/o/acme-us/handles');
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const label = await screen.findByText('Times in');
    expect(label.parentElement?.textContent).toBe(`Times in ${timeZone}`);
  });
});

describe('a bug', () => {
  it.each([
    ['in a screen leaves the header', 'GET /v1/source-orgs/{org}/handles', true],
    ['in the header is told on a page of its own', 'GET /v1/source-orgs/{org}/connections', false],
  ])('%s', async (_what, route, isHeaderLeft) => {
    jest.spyOn(console, 'error').mockReturnValue();
    jest.spyOn(console, 'warn').mockReturnValue();
    const services = new Services();
    services.answer(route, { items: [null] });
    openConsole('/o/acme-us/handles', services);
    const words = await screen.findByText(/^This screen failed because of a bug in the console/);
    expect(screen.getByRole('main').contains(words)).toBe(true);
    expect(screen.queryByRole('banner') !== null).toBe(isHeaderLeft);
  });
});
