import { expect, it } from '@jest/globals';
import { screen, within } from '@testing-library/react';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';
import type { CheckedConnection } from '../queries.ts';

const route = 'PATCH /v1/source-orgs/{org}/connections/{id}';

/** Opens a connection whose links show the title and state. */
async function openSharing() {
  const services = new Services();
  const share = (to: CheckedConnection['share']) =>
    services.change<CheckedConnection>('GET /v1/source-orgs/{org}/connections/{id}', (its) => ({ ...its, share: to }));
  await share('title');
  const { user } = openConsole('/o/acme-us/connections/1', services);
  const select = await screen.findByLabelText(/^Anyone with the link/);
  const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });
  return { services, share, user, select, save };
}

it('what links show is widened only after a question that says what they show then', async () => {
  const { services, user, select, save } = await openSharing();
  await user.selectOptions(select, 'text');
  await user.click(save);
  await screen.findByText(
    'Anyone with a link of the last 7 days will see title, state and message, without a login. Now they see title and state.',
  );
  expect(services.asked(route)).toHaveLength(0);
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Share' }));
  await screen.findByText('Saved.');
});

it('what links show is narrowed without a question, and saved only if it is another', async () => {
  const { services, share, user, select, save } = await openSharing();
  expect(save.disabled).toBe(true);
  await user.selectOptions(select, 'none');
  await share('none');
  await user.click(save);
  await screen.findByText('Saved.');
  expect(await services.asked(route)[0]?.json()).toEqual({ share: 'none' });
  expect(save.disabled).toBe(true);
});
