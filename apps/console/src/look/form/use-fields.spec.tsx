import { expect, it } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { openConsole } from '../../console.fixtures.tsx';
import { Services } from '../../services.fixtures.ts';

const add = 'POST /v1/source-orgs/{org}/connections';

it('what is typed outlives the end of the session, and keys are on the page in their fields alone', async () => {
  const services = new Services();
  const { user } = openConsole('/o/acme-us/connections/new', services);
  await user.type(await screen.findByLabelText(/^Connection Name/), ' Globex EU ');
  await user.selectOptions(await screen.findByLabelText(/^Datacenter/), (await screen.findAllByRole('option'))[1]);
  await user.type(screen.getByRole('textbox', { name: 'API Key' }), ' canary-1 ');
  await user.type(screen.getByRole('textbox', { name: 'Application Key' }), 'canary-2');
  services.refuse('GET /session', 401, 'signed-out');
  services.refuse(add, 401, 'signed-out');
  const press = () => user.click(screen.getByRole('button', { name: 'Add connection' }));
  await press();
  await screen.findByText(/^You are signed out/);
  expect(document.documentElement.outerHTML).not.toContain('canary');
  services.refuse(add, 422, 'credential-refused');
  await press();
  await waitFor(() => expect(services.asked(add)).toHaveLength(2));
  const sent = await Promise.all(services.asked(add).map((request) => request.json()));
  expect(sent[1]).toMatchObject({ name: 'Globex EU', apiKey: 'canary-1', applicationKey: 'canary-2' });
  expect(sent[0]).toEqual(sent[1]);
});

it('a field says what is wrong with it, as the service or the form finds it, and takes the focus', async () => {
  const services = new Services();
  const { user } = openConsole('/o/acme-us/settings', services);
  const fallback = await screen.findByLabelText('Fallback handle');
  await user.clear(fallback);
  await user.type(fallback, 'nobody');
  const errors = [{ field: 'fallbackHandle', message: 'fallbackHandle is unknown', cure: 'Set another.' }];
  services.refuse('PUT /v1/source-orgs/{org}', 422, 'invalid', { errors });
  const press = () => user.click(screen.getByRole('button', { name: 'Save' }));
  await press();
  await screen.findByText('It is unknown. Set another.');
  expect(document.activeElement).toBe(fallback);
  const handles = screen.getByLabelText('Local handles');
  await user.clear(handles);
  await user.type(handles, 'Core Infra');
  await press();
  expect(screen.getByText(/^Line 1: "Core Infra" is not a team handle/)).toBeTruthy();
  expect(document.activeElement).toBe(handles);
  expect(services.asked('PUT /v1/source-orgs/{org}')).toHaveLength(1);
});
