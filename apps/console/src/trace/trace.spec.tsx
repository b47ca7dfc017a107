import { describe, expect, it } from '@jest/globals';
import { screen, waitFor, within } from '@testing-library/react';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';

const at = '2026-12-04T03:00:00.000Z';

/** Services whose history has one alert, which mentions a handle that is not quite right, with these transitions. */
async function withAlert(transitions = ['triggered', 'renotified'], services = new Services()): Promise<Services> {
  const alert = {
    sourceOrg: 'acme-us',
    alertKey: 'monitor-1',
    occurredAt: at,
    transition: 'triggered',
    title: 'Disk full',
    message: 'Disk full on db-1. @oncall-core-infr please look.',
    tags: ['env:prod', 'service:db'],
    links: [{ title: 'Monitor 1', url: 'https://monitors.example.com/1' }],
  };
  const place = { topic: 'paging.alerts.v1', partition: 0, at };
  const hops = transitions.map((transition, index) => {
    return {
      ...place,
      offset: `${index + 1}`,
      kind: 'alert',
      eventId: `e-${index + 1}`,
      alert: { ...alert, transition },
    };
  });
  const events = hops.map(({ eventId, alert: { transition } }, hop) => {
    return { at, isRecovery: transition === 'recovered', deadLetters: [], handles: [], eventId, alert: { hop } };
  });
  await services.change('GET /v1/source-orgs/{org}/trace', (example) => ({
    ...example,
    alertKey: 'monitor-1',
    title: 'Disk full',
    answer: [],
    hops,
    events,
    missing: [],
  }));
  return services;
}

describe('a trace', () => {
  it("shows the alert's text with the handles in it, its tags and its links, once for all repeats", async () => {
    openConsole('/o/acme-us/trace?alert=monitor-1', await withAlert());
    const text = within(await screen.findByRole('region', { name: 'Alert' }));
    expect(text.getByText('@oncall-core-infr').tagName).toBe('MARK');
    text.getByText(/Disk full on db-1/);
    text.getByText('env:prod');
    const link = text.getByRole('link', { name: 'Monitor 1' });
    expect(link.getAttribute('href')).toBe('https://monitors.example.com/1');
    expect(link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('has each record as JSON, to copy and to download', async () => {
    const { user } = openConsole('/o/acme-us/trace?alert=monitor-1&details=on', await withAlert());
    const [json] = await screen.findAllByText('JSON');
    await user.click(json as HTMLElement);
    await screen.findByText(/"message": "Disk full on db-1\. @oncall-core-infr please look\."/);
    const [link] = screen.getAllByText<HTMLAnchorElement>('Download JSON');
    expect(link?.download).toBe('paging.alerts.v1-0-1.json');
    const [, body = ''] = link?.href.split('data:application/json,') ?? [];
    expect(JSON.parse(decodeURIComponent(body))).toMatchObject({ kind: 'alert', alert: { alertKey: 'monitor-1' } });
  });

  it('that is open says that its alert fired again, and leads there', async () => {
    const services = await withAlert();
    const { user } = openConsole('/o/acme-us/trace?alert=monitor-1', services);
    await screen.findByRole('region', { name: 'Alert' });
    expect(screen.queryByText('The alert fired again.')).toBeNull();
    await withAlert(['triggered', 'recovered', 'triggered'], services);
    await user.click(screen.getByRole('button', { name: 'Refresh' }));
    await screen.findByText('The alert fired again.');
    await user.click(screen.getByRole('link', { name: 'Show the last firing' }));
    await waitFor(() => expect(screen.queryByText('The alert fired again.')).toBeNull());
  });
});
