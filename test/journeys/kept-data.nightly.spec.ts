import { afterEach, describe, expect, it } from '@jest/globals';
import { Driver, endLeftovers, type StackInfo } from '@pagebridge/local-stack';
import { uniqueName } from '@pagebridge/testing';
import { NpmStart } from '../harness/npm-start.ts';
import { SourceOrg } from '../harness/source-org.ts';

let npm: NpmStart | undefined;
afterEach(async () => {
  await npm?.kill();
  endLeftovers();
});

/** Runs `act` with a driver of the stack, as its operator. */
async function asOperator(info: StackInfo, act: (driver: Driver) => Promise<void>): Promise<void> {
  const driver = new Driver(info, 'olga');
  await driver.open();
  await act(driver);
  await driver.close();
}

/** Returns the URLs with a documented port; another process may have taken the other ones. */
const usualPortsOf = ({ services, management }: StackInfo) =>
  [...Object.values(services), ...Object.values(management)].filter((url) => /:[89]08[1-4]$/.test(url));

describe.each([
  ['npm start', []],
  ['npm start -- --secure', ['--secure']],
])('%s', (_, options) => {
  it('keeps connections, handles, keys and ports at its next start, also after a kill -9', async () => {
    npm = new NpmStart('journey-kept-data', ...options);
    const id = uniqueName('acme');
    const page = async (driver: Driver) => {
      const acme = new SourceOrg(id, driver);
      const alert = await acme.alert({ alertKey: uniqueName('monitor'), message: 'Help. @oncall-core-infra' });
      await acme.pageIn(driver.destination('globex-eu'), alert, 'core-infra');
    };
    await asOperator(await npm.start(), async (driver) => {
      await new SourceOrg(id, driver).connect(driver.destination('globex-eu'));
      await page(driver);
    });
    expect(await npm.ctrlC()).toEqual({ code: 130, left: [] });

    const killed = await npm.start();
    await asOperator(killed, page);
    await npm.kill();
    const next = await npm.start();
    await asOperator(next, page);
    expect(usualPortsOf(next)).toEqual(usualPortsOf(killed));
    expect(await npm.ctrlC()).toEqual({ code: 130, left: [] });
  }, 300_000);
});
