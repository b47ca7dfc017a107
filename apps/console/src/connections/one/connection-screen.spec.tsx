import { expect, it } from '@jest/globals';
import { screen, within } from '@testing-library/react';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';
import type { CheckedConnection } from '../queries.ts';

it('a connection whose keys fail shows no good news of their last check, and folds what passed', async () => {
  const services = new Services();
  await services.change<CheckedConnection>('GET /v1/source-orgs/{org}/connections/{id}', (example) => ({
    ...example,
    status: 'failing',
    credentials: { ...example.credentials, checkStatus: 'passed' },
    checks: ['teams_read', 'on_call_page'].map((name) => ({ name, result: 'passed', detail: 'held' })),
  }));
  openConsole('/o/acme-us/connections/1', services);
  await screen.findByText(/^Keys fail now; last check passed/);
  const keys = within(screen.getByRole('heading', { name: 'Keys' }).closest('section') as HTMLElement);
  expect(keys.getByText('2 passed').closest('details')?.open).toBe(false);
  const marks = [...document.querySelectorAll('main [data-state]')].filter((mark) => !mark.closest('details'));
  expect(marks.map((mark) => mark.getAttribute('data-state'))).not.toContain('passed');
});
