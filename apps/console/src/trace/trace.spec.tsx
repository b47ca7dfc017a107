import { describe, expect, it } from '@jest/globals';
import { screen, within } from '@testing-library/react';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';

const at = '2026-12-04T03:00:00.000Z';

/** Services whose history has one alert, which mentions a handle that is not quite right. */
async function withAlert(): Promise<Services> {
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
  const first = { ...place, offset: '1', kind: 'alert', eventId: 'e-1', alert };
  const repeated = {
    ...place,
    offset: '2',
    kind: 'alert',
    eventId: 'e-2',
    alert: { ...alert, transition: 'renotified' },
  };
  const event = { at, isRecovery: false, deadLetters: [], handles: [] };
  const services = new Services();
  await services.change('GET /v1/source-orgs/{org}/trace', (example) => ({
    ...example,
    alertKey: 'monitor-1',
    title: 'Disk full',
    answer: [],
    hops: [first, repeated],
    events: [
      { ...event, eventId: 'e-1', alert: { hop: 0 } },
      { ...event, eventId: 'e-2', alert: { hop: 1 } },
    ],
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
});
