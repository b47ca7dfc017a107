import { describe, expect, it, jest } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';

const connections = 'GET /v1/source-orgs/{org}/connections';
const settings = 'GET /v1/source-orgs/{org}';

/** Services whose only connection is disabled. */
async function withDisabled(): Promise<Services> {
  const services = new Services();
  await services.change<{ items: object[] }>(connections, ({ items, ...rest }) => ({
    ...rest,
    items: items.map((its) => ({ ...its, enabled: false, status: 'disabled' })),
  }));
  return services;
}

describe('a change', () => {
  it('tells what it led to while what follows it is still being read', async () => {
    const { services, user } = openConsole('/o/acme-us/connections', await withDisabled());
    const enable = await screen.findByRole('button', { name: 'Enable' });
    services.refuse('PATCH /v1/source-orgs/{org}/connections/{id}', 503, 'database-unavailable', {
      detail: 'It is away.',
    });
    services.hold(connections);
    const before = services.asked(connections).length;
    await user.click(enable);
    await waitFor(() => expect(services.asked(connections).length).toBeGreaterThan(before));
    await screen.findByText('It is away.');
  });

  it('that came second is offered for the version of the other person once that is read', async () => {
    const { services, user } = openConsole('/o/acme-us/settings');
    await user.type(await screen.findByLabelText('Fallback handle'), 'x');
    services.refuse('PUT /v1/source-orgs/{org}', 412, 'if-match-stale', { detail: 'It was changed.' });
    const known = await (await services.fetch('/v1/source-orgs/acme-us')).text();
    const theirs = Promise.withResolvers<string>();
    const headers = { 'content-type': 'application/json', etag: '"2"' };
    services.on(settings, async () => new Response(await theirs.promise, { headers }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText('It was changed.');
    expect(screen.queryByRole('button', { name: 'Compare versions' })).toBeNull();
    theirs.resolve(known);
    await screen.findByRole('button', { name: 'Compare versions' });
  });
});

describe('a read that is refused with 401', () => {
  const refuse = (services: Services) =>
    services.refuse(connections, 401, 'unknown-issuer', { detail: 'The issuer is not trusted.' });
  const refused = /connection-management rejected your session \(401\): The issuer is not trusted\. Data as of/;

  it('says so, keeps what was read, and is tried again in a time that is not read out each second', async () => {
    const inTime = setInterval;
    const clock = jest.spyOn(globalThis, 'setInterval');
    clock.mockImplementation((run, ms = 0) => inTime(run, ms / 100) as unknown as ReturnType<typeof setInterval>);
    const { services } = openConsole('/o/acme-us/connections', await withDisabled());
    await screen.findByRole('button', { name: 'Enable' });
    refuse(services);
    await screen.findByText(refused);
    const countdown = await screen.findByText(/Next attempt in/);
    expect(countdown.closest('[aria-hidden="true"]')).not.toBeNull();
    expect(screen.getByRole('button', { name: 'Enable' })).toBeTruthy();
    services.answer(connections, { items: [], total: 0 });
    await waitFor(() => expect(screen.queryByText(refused)).toBeNull());
    clock.mockRestore();
  });

  it('is left to the bar once the session has ended', async () => {
    const { services, user } = openConsole('/o/acme-us/connections', await withDisabled());
    await screen.findByRole('button', { name: 'Enable' });
    refuse(services);
    services.refuse('GET /session', 401, 'signed-out');
    await user.click(screen.getByRole('button', { name: 'Refresh' }));
    await screen.findByText('You are signed out. Your input is kept.');
    expect(screen.queryByText(refused)).toBeNull();
    expect(screen.getByRole('button', { name: 'Enable' })).toBeTruthy();
  });
});

describe('a screen that has nothing to show because a service is away', () => {
  it.each([
    ['handle-sync', '/o/acme-us/handles', 'GET /v1/source-orgs/{org}/handles', true],
    ['page-routing', '/', 'GET /v1/me', false],
  ])('says that paging is not affected only if pages go without it: %s', async (service, path, route, isSaid) => {
    const services = new Services();
    services.refuse(route, 502, 'service-away', { service });
    openConsole(path, services);
    const text = await screen.findByText(new RegExp(`^Cannot load .*${service} is unavailable`));
    expect(text.textContent?.includes('Paging is not affected.')).toBe(isSaid);
  });
});

describe('a response that something between the browser and the console has replaced', () => {
  it('is told as a problem after which one looks, and what was typed stays', async () => {
    const { services, user } = openConsole('/o/acme-us/settings');
    const field = await screen.findByLabelText<HTMLInputElement>('Fallback handle');
    await user.clear(field);
    await user.type(field, '@oncall-night');
    services.on('PUT /v1/source-orgs/{org}', () => new Response('<!doctype html>', { status: 200 }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/^The response could not be read/);
    expect(screen.getByLabelText<HTMLInputElement>('Fallback handle').value).toBe('@oncall-night');
  });
});

describe('a change whose response is lost', () => {
  it('says that it may have been made, and asks to look', async () => {
    const { services, user } = openConsole('/o/acme-us/settings');
    await user.type(await screen.findByLabelText('Fallback handle'), 'x');
    services.lose('PUT /v1/source-orgs/{org}');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/The change may have been made: check before you retry/);
    const before = services.asked(settings).length;
    await user.click(screen.getAllByRole('button', { name: 'Refresh' }).at(-1) as HTMLElement);
    await waitFor(() => expect(services.asked(settings).length).toBeGreaterThan(before));
  });
});
