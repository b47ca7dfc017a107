import { describe, expect, it } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { openConsole } from './console.fixtures.tsx';
import { Services } from './services.fixtures.ts';

/** Returns how often a path with its query was asked for. */
const asked = ({ requests }: Services, path: string): number =>
  requests.filter(({ url }) => url.endsWith(`/v1/source-orgs/acme-us/${path}`)).length;

describe('a screen', () => {
  it('asks for its data without waiting for the session', async () => {
    const services = new Services();
    services.on('GET /session', () => new Promise<never>(() => undefined));
    openConsole('/o/acme-us/audit?actor=ada', services);
    await waitFor(() => expect(asked(services, 'audit?actor=ada&limit=50')).toBe(1));
  });

  it('asks for its data as soon as somebody points at a link to it', async () => {
    const { services, user } = openConsole('/o/acme-us/connections');
    await user.hover(await screen.findByRole('link', { name: 'Handles' }));
    await waitFor(() => expect(asked(services, 'handles?limit=50')).toBe(1));
  });
});
