import { expect, it } from '@jest/globals';
import { screen } from '@testing-library/react';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';

it('Enter in a form whose button needs a permission that is missing presses this button, which sends nothing', async () => {
  const services = new Services();
  services.answer('GET /v1/me', { grants: [{ sourceOrg: 'acme-us', permissions: ['connections:read'] }] });
  const { user } = openConsole('/o/acme-us/connections/1/remove', services);
  const name = await screen.findByLabelText<HTMLInputElement>(/^Type the name: /);
  await user.type(name, name.labels?.[0]?.textContent?.replace(/^Type the name: | \*$/g, '') ?? '');
  // That is the button that a browser presses for Enter.
  const pressed = name.form?.querySelector<HTMLButtonElement>('[type="submit"]');
  expect(pressed?.ariaDisabled).toBe('true');
  await user.click(pressed as HTMLElement);
  expect(services.asked('DELETE /v1/source-orgs/{org}/connections/{id}')).toHaveLength(0);
});
