import { it, jest } from '@jest/globals';
import { screen } from '@testing-library/react';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';

it('a button that copies says so if the browser refuses, and what to do', async () => {
  const services = new Services();
  services.answer('GET /v1/me', { grants: [] });
  const { user } = openConsole('/', services);
  const copy = await screen.findByRole('button', { name: 'Copy issuer and subject' });
  jest.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('refused', 'NotAllowedError'));
  await user.click(copy);
  await screen.findByText('Not copied: select the text');
});
