import { expect, it } from '@jest/globals';
import { screen } from '@testing-library/react';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';

it('a person who may not change the settings reads why at once', async () => {
  const services = new Services();
  services.answer('GET /v1/me', { grants: [{ sourceOrg: 'acme-us', permissions: ['source-orgs:read'] }] });
  openConsole('/o/acme-us/settings', services);
  await screen.findByText(/source-orgs:write/, { selector: 'p' });
  expect(screen.getByLabelText<HTMLTextAreaElement>('Local handles').readOnly).toBe(true);
});
