import { describe, expect, it } from '@jest/globals';
import { screen } from '@testing-library/react';
import { queryClient } from '../api/query-client.ts';
import { openConsole } from '../console.fixtures.tsx';

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
