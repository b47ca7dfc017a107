import { describe, expect, it } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { queryClient } from '../../api/query-client.ts';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';
import type { Check } from './use-checks.ts';

/** Whatever keeps this text keeps a key. */
const canary = 'canary5canary5canary5canary5cana';
const add = 'POST /v1/source-orgs/{org}/connections';
const names = [
  ...['application-key-kind', 'api-key', 'key-pair', 'service-account', 'account-enabled', 'unscoped'],
  ...['on_call_read', 'on_call_page', 'on_call_respond', 'user_access_read', 'teams_read'].map(
    (permission) => `permission:${permission}`,
  ),
  ...['reads-users', 'reads-teams', 'reads-routing-rules'],
];

/** Returns the checks, of which one fails. */
const checksWith = (failing?: string): Check[] =>
  names.map((name) =>
    name === failing
      ? { name, result: 'failed', detail: `${name} does not hold`, cure: `mend ${name}` }
      : { name, result: 'passed', detail: 'held' },
  );

/** Has the add tell its checks, and end. */
function checks(services: Services, told: readonly Check[], status: number, body: object): void {
  const events = [
    ...told.map((check) => ['check', check] as const),
    ['result', { status, headers: { ratelimit: '"refused-keys";r=4;t=3600' }, body }] as const,
  ];
  const text = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  services.on(add, () => new Response(text, { headers: { 'content-type': 'text/event-stream' } }));
}

const rejected = { status: 422, code: 'credential-refused', title: 'Rejected', detail: 'Rejected.', errors: [] };

async function openWithKeys(services: Services): Promise<UserEvent> {
  await services.change<{ items: object[] }>('GET /v1/data-centers', ({ items: [first] }) => ({
    items: [{ ...first, name: 'EU1', site: 'EU1', location: 'Europe' }],
  }));
  const { user } = openConsole('/o/acme-us/connections/new', services);
  await user.selectOptions(await screen.findByLabelText(/^Datacenter/), 'EU1');
  await user.type(screen.getByLabelText(/^Connection Name/), 'Globex');
  await user.click(screen.getByLabelText(/^API Key/));
  await user.paste(canary);
  await user.click(screen.getByLabelText(/^Application Key/));
  await user.paste(`${canary}cana5678`);
  return user;
}

const submit = (user: UserEvent) => user.click(screen.getByRole('button', { name: 'Add connection' }));

/** Returns each place beside the fields where a key was found. */
function leaks(): string[] {
  const { pathname, search, hash } = window.location;
  const mutations = queryClient.getMutationCache().getAll();
  const places = {
    queries: JSON.stringify(
      queryClient
        .getQueryCache()
        .getAll()
        .map(({ queryKey, state }) => [queryKey, state]),
    ),
    mutations: JSON.stringify(mutations.map(({ state }) => state)),
    document: document.documentElement.outerHTML,
    title: document.title,
    address: pathname + search + hash,
    state: JSON.stringify(window.history.state),
    storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  };
  return Object.entries(places).flatMap(([place, text]) => (text.includes('canary5') ? [place] : []));
}

describe('a pair of keys', () => {
  it('shows, for each check that fails alone, what was found, its cure, and a button that copies it', async () => {
    const services = new Services();
    const user = await openWithKeys(services);
    for (const name of names) {
      checks(services, checksWith(name), 422, rejected);
      await submit(user);
      await screen.findByText(new RegExp(`${name} does not hold`));
      screen.getByText(`mend ${name}`);
      screen.getByRole('button', { name: /^Copy the fix for/ });
      await screen.findByText(/1 of 14 checks failed/);
    }
  });

  it('is nowhere but in its fields, whether it is stored or not', async () => {
    const services = new Services();
    const user = await openWithKeys(services);
    checks(services, checksWith('key-pair'), 422, rejected);
    await submit(user);
    await screen.findByText(/1 of 14 checks failed/);
    expect(leaks()).toEqual([]);
    checks(services, checksWith(), 201, { id: '1', name: 'Globex', sourceOrg: 'acme-us' });
    await submit(user);
    await waitFor(() => expect(window.location.pathname).toBe('/o/acme-us/connections'));
    const [, sent] = services.asked(add);
    expect(await sent?.json()).toMatchObject({ apiKey: canary });
    expect(leaks()).toEqual([]);
  });
});
