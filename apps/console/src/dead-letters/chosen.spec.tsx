import { expect, it } from '@jest/globals';
import { screen } from '@testing-library/react';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';
import type { DeadLetter, Verdict } from './queries.ts';

const letters = '/v1/source-orgs/{org}/dead-letters';

/** Opens two dead letters, A and B, of which a replay sends A and not B. */
async function openLetters() {
  const services = new Services();
  await services.change<{ items: DeadLetter[] }>(`GET ${letters}`, ({ items: [one], ...rest }) => ({
    ...rest,
    replay: true,
    items: ['A', 'B'].map((title, offset) => ({ ...one, title, alertKey: title, topic: 'its', partition: 0, offset })),
  }));
  const verdicts: Pick<Verdict, 'verdict' | 'why'>[] = [
    { verdict: 'replay', why: 'A goes out.' },
    { verdict: 'replayed', why: 'B went out.' },
  ];
  const of = (offset: number) => ({ topic: 'its', partition: 0, offset, ...verdicts[offset] });
  services.answer(`POST ${letters}/preview`, { letters: [of(0), of(1)] });
  services.answer(`POST ${letters}/replay`, { letters: [{ ...of(0), verdict: 'sent', why: 'A was sent.' }] });
  const { user } = openConsole('/o/acme-us/dead-letters', services);
  const select = async (title: string) => user.click(await screen.findByLabelText(`Select ${title}`));
  const press = async (name: string) => user.click(await screen.findByRole('button', { name }));
  return { services, select, press };
}

it('exactly the dead letters that a preview sends are sent again', async () => {
  const { services, select, press } = await openLetters();
  await select('A');
  await select('B');
  await press('Preview');
  await press('Send 1 again');
  await screen.findByText('A was sent.');
  const [asked] = services.asked(`POST ${letters}/replay`);
  expect(await asked?.json()).toEqual({ letters: [{ topic: 'its', partition: 0, offset: 0 }] });
});

it('a replay is in sight until it ends, whatever is selected meanwhile', async () => {
  const { services, select, press } = await openLetters();
  await select('A');
  await press('Preview');
  const go = services.hold(`POST ${letters}/replay`);
  await press('Send 1 again');
  for (const title of ['B', 'A', 'B']) {
    await select(title);
    expect(screen.getByText('Sending 1 again (up to 25 s)…')).toBeTruthy();
  }
  go();
  await screen.findByText('A was sent.');
});

it('a preview is not shown for other dead letters', async () => {
  const { select, press } = await openLetters();
  await select('A');
  await press('Preview');
  await screen.findByText('A goes out.');
  await select('B');
  expect(screen.queryByText('A goes out.')).toBeNull();
  expect(screen.queryByRole('button', { name: /^Send/ })).toBeNull();
});
