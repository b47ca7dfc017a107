import { expect, it } from '@jest/globals';
import { screen } from '@testing-library/react';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';

const tokens = 'GET /v1/source-orgs/{org}/tokens';

it('the tokens of all integrations are read page by page, and not by a request for each integration', async () => {
  const services = new Services();
  const integrations = ['a', 'b', 'c'].map((name) => ({
    name,
    sourceOrg: 'acme-us',
    kind: 'other',
    defaultHandle: null,
  }));
  services.answer('GET /v1/source-orgs/{org}/integrations', { items: integrations, next: null });
  const refused = (name: string) => ({
    integration: name,
    lastRefusal: { at: '2026-01-01T00:00:00Z', detail: `${name} is refused` },
  });
  services.on(tokens, ({ url }) => {
    const isSecond = new URL(url).searchParams.get('cursor') === 'second';
    return Response.json(
      isSecond ? { items: [refused('c')], next: null } : { items: [refused('a')], next: '/its?cursor=second' },
    );
  });
  openConsole('/o/acme-us/integrations', services);
  const rows = async (name: string) =>
    (await screen.findByText(new RegExp(`${name} is refused`))).closest('tbody')?.textContent;
  expect(await rows('a')).toMatch(/^a/);
  expect(await rows('c')).toMatch(/^c/);
  expect(services.asked(tokens).filter(({ url }) => url.includes('integration='))).toEqual([]);
});
