import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { StackInfo } from '@pagebridge/local-stack';
import { Journey } from '../harness/journey.ts';
import { ConnectProxy } from './connect-proxy.ts';

const { destinations } = JSON.parse(readFileSync(String(process.env.PAGEBRIDGE_STACK_FILE), 'utf8')) as StackInfo;
const proxy = await ConnectProxy.start();
// The services know the destinations only by names that the proxy resolves.
const dataCenters = destinations.map(({ dataCenter: name, org, apiUrl, pagingUrl }) => ({
  name,
  site: 'behind.test',
  location: 'behind the proxy',
  apiUrl: proxy.leadTo(`${org}-api`, apiUrl),
  pagingUrl: proxy.leadTo(`${org}-paging`, pagingUrl),
}));
const env = {
  HTTPS_PROXY: proxy.url,
  NODE_EXTRA_CA_CERTS: proxy.caFile,
  DATA_CENTERS: JSON.stringify(dataCenters),
  RETRY_CAP_SECONDS: '1',
};
const journey = new Journey({ env: { 'connection-management': env, 'handle-sync': env, 'page-delivery': env } });

afterAll(() => proxy.stop());

describe('behind a proxy', () => {
  it('a connection is added, its teams are read and paged, and a page waits, untagged, for as long as the proxy refuses', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const first = await acme.alert({ alertKey: 'first', message: 'High memory. @oncall-core-infra' });
    await acme.pageIn(journey.globex, first, 'core-infra');
    // Connections of other journeys are called too.
    const hosts = ['globex-eu-api', 'globex-eu-paging'].map((name) => `${name}.behind.test:443`);
    expect(proxy.asked).toEqual(expect.arrayContaining(hosts));

    proxy.react('refuse');
    const second = await acme.alert({ alertKey: 'second', message: 'Payments fail. @oncall-payments' });
    const { event } = await acme.outcome(second, 'retried', 'payments');
    expect(event.data).toMatchObject({ possibleDuplicate: false });
    expect(event.data.detail).toContain(`the proxy ${proxy.host} opens no tunnel: it answers 403`);

    proxy.react('tunnel');
    const page = await acme.pageIn(journey.globex, second, 'payments');
    expect(page.tags).not.toContain('possible-duplicate:true');
    expect(await acme.pages(journey.globex)).toHaveLength(2);
    for (const secret of proxy.secrets) expect(journey.logs.text()).not.toContain(secret);
  });
});
