import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { allTopics, call } from '@pagebridge/local-stack';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();

/** A key that is found wherever it turns up. */
const canary = (prefix: string) => `${prefix}canary${randomBytes(12).toString('hex')}`;

describe('credentials', () => {
  it('are in no topic, log, metric, answer or error, taken or refused', async () => {
    const { globex, driver } = journey;
    const [apiKey, applicationKey, wrongKey] = [canary('api_'), canary('ddapp_'), canary('ddapp_')];
    await call('POST', `${globex.controlUrl}/api-keys`, { name: apiKey.slice(0, 20), key: apiKey });
    await call('POST', `${globex.controlUrl}/application-keys`, { name: apiKey.slice(0, 20), key: applicationKey });
    const acme = journey.sourceOrg();
    const canaried = { ...globex, apiKey, applicationKey };
    const id = await acme.connect(canaried);
    const alert = await acme.alert({ message: 'Memory. @oncall-core-infra' });
    await acme.pageIn(globex, alert, 'core-infra');

    const { services, management } = driver.info;
    const connections = `${services.connectionManagement}/v1/source-orgs/${acme.id}/connections`;
    const wish = { name: 'second', dataCenter: globex.dataCenter, apiKey, applicationKey: wrongKey };
    const answers = [
      await driver.call('POST', connections, wish),
      await driver.call('POST', connections, { ...wish, apiKey: [apiKey], surplus: applicationKey }),
      await driver.call('POST', connections, JSON.stringify({ ...wish, applicationKey }).slice(0, -1)),
      await driver.call('GET', connections),
      await driver.call('GET', `${connections}/${id}`),
      await driver.call('POST', `${connections}/${id}/check`),
    ];
    const told = [
      ...answers.map(({ body }) => JSON.stringify(body)),
      ...(await Promise.all(Object.values(management).map((url) => textOf(`${url}/metrics`)))),
      journey.logs.text(),
      ...allTopics.flatMap((topic) => driver.watch.recordsOf(topic).map(textOfRecord)),
    ].join('\n');
    expect(told).toContain(acme.id);
    for (const secret of [apiKey, applicationKey, wrongKey]) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(Buffer.from(secret).toString('base64').slice(0, 32));
    }
  });
});

const textOf = async (url: string) => (await fetch(url)).text();

const textOfRecord = ({ key, value, headers }: { key: Buffer | null; value: Buffer | null; headers: object }) =>
  `${key} ${value} ${JSON.stringify(headers)}`;
