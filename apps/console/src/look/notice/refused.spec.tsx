import { it } from '@jest/globals';
import { screen } from '@testing-library/react';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';

it.each([
  ['page-unknown', 'Page does not exist: acme-us has no page with this id.'],
  ['not-found', /^Source org acme-us does not exist, or you have no access to it/],
])('what does not exist is named, be it a page or the org: %s', async (code, text) => {
  const services = new Services();
  const said = { title: 'Page does not exist', detail: 'acme-us has no page with this id.' };
  services.refuse('GET /v1/source-orgs/{org}/trace', 404, code, said);
  openConsole('/o/acme-us/trace?page=unknown', services);
  await screen.findByText(text);
});
