import { randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { allTopics, call, Tokens } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { linesWith } from '../harness/secrets.ts';

const journey = new Journey();

/** Returns a key with a unique text that can be searched for. */
const canary = (prefix: string) => `${prefix}canary${randomBytes(12).toString('hex')}`;

describe('credentials', () => {
  it('appear in no topic, log, metric, answer or error, whether accepted or refused', async () => {
    const { globex, driver } = journey;
    const [apiKey, applicationKey, wrongKey] = [canary('api_'), canary('ddapp_'), canary('ddapp_')];
    await call('POST', `${globex.controlUrl}/api-keys`, { name: apiKey.slice(0, 20), key: apiKey });
    await call('POST', `${globex.controlUrl}/application-keys`, { name: apiKey.slice(0, 20), key: applicationKey });
    const acme = journey.sourceOrg();
    const canaried = { ...globex, apiKey, applicationKey };
    const id = await acme.connect(canaried);
    const alert = await acme.alert({ message: 'Memory. @oncall-core-infra' });
    await acme.pageIn(globex, alert, 'core-infra');

    const { services } = driver.info;
    const connections = `${services.connectionManagement}/v1/source-orgs/${acme.id}/connections`;
    const newConnection = { name: 'second', dataCenter: globex.dataCenter, apiKey, applicationKey: wrongKey };
    const answers = [
      await driver.call('POST', connections, newConnection),
      await driver.call('POST', connections, { ...newConnection, apiKey: [apiKey], surplus: applicationKey }),
      await driver.call('POST', connections, JSON.stringify({ ...newConnection, applicationKey }).slice(0, -1)),
      await driver.call('GET', connections),
      await driver.call('GET', `${connections}/${id}`),
      await driver.call('POST', `${connections}/${id}/check`),
    ];
    const outputs = [...answers.map(({ body }) => JSON.stringify(body)), await everyOutput()].join('\n');
    expect(outputs).toContain(acme.id);
    expect(linesWith(outputs, [apiKey, applicationKey, wrongKey])).toEqual([]);
  });
});

describe('tokens', () => {
  it('appear in no topic, log, metric, answer or process argument, valid or invalid, and neither does a client secret', async () => {
    const { driver } = journey;
    const acme = journey.sourceOrg();
    const { services, access } = driver.info;
    const tokens = `${services.connectionManagement}/v1/source-orgs/${acme.id}/tokens`;
    const newToken = { name: 'canary', role: 'admin', expiresInDays: 1 };
    const made = await driver.call<{ id: string; token: string }>('POST', tokens, newToken);
    const { id, token } = made.body;
    const accessToken = await new Tokens(access).of('olga');
    const forged = `${accessToken.slice(0, -8)}${randomBytes(4).toString('hex')}`;
    const guessed = `pbt_${randomBytes(18).toString('hex')}`;
    const handles = `${services.handleSync}/v1/source-orgs/${acme.id}/handles`;
    const as = (bearer: string) => ({ authorization: `Bearer ${bearer}` });
    await waitFor('the API token to be believed', async () => {
      return (await call('GET', handles, undefined, as(token))).status === 200 || undefined;
    });

    const answers = [];
    for (const bearer of [token, accessToken, forged, guessed]) {
      answers.push(
        await call('GET', tokens, undefined, as(bearer)),
        await call('GET', handles, undefined, as(bearer)),
        await call('POST', `${services.pageRouting}/v1/explain`, { sourceOrg: acme.id, origin: bearer }, as(bearer)),
        await call('POST', tokens, { ...newToken, surplus: bearer }, as(bearer)),
        await call('GET', `${handles}?access_token=${bearer}`),
        await call('GET', handles, undefined, { authorization: bearer }),
      );
    }
    answers.push(await driver.call('DELETE', `${tokens}/${id}`), await call('GET', handles, undefined, as(token)));
    answers.push(await driver.call('GET', `${services.connectionManagement}/v1/source-orgs/${acme.id}/audit`));
    const outputs = [...answers.map(({ body }) => JSON.stringify(body)), await everyOutput()].join('\n');
    expect(outputs).toContain(acme.id);
    const secrets = [token, accessToken, forged, guessed, ...access.clients.map(({ clientSecret }) => clientSecret)];
    expect(linesWith(outputs, secrets)).toEqual([]);
  });
});

/** Returns all records, metrics, process arguments and logs. */
async function everyOutput(): Promise<string> {
  const { driver, logs } = journey;
  const topics = allTopics.flatMap((topic) => driver.watch.recordsOf(topic).map(textOfRecord));
  const metrics = await Promise.all(Object.values(driver.info.management).map((url) => textOf(`${url}/metrics`)));
  return [...topics, ...metrics, ...processArguments(), logs.text()].join('\n');
}

/** Returns the arguments of every process on this machine, if the system has /proc. */
const processArguments = (): string[] =>
  globSync('/proc/[0-9]*/cmdline').flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      // The process has ended.
      return [];
    }
  });

const textOf = async (url: string) => (await fetch(url)).text();

const textOfRecord = ({ key, value, headers }: { key: Buffer | null; value: Buffer | null; headers: object }) =>
  `${key} ${value} ${JSON.stringify(headers)}`;
