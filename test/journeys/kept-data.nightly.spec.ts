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

describe.each([
  ['npm start', []],
  ['npm start -- --secure', ['--secure']],
])('%s', (_, options) => {
  it('keeps connections, handles and keys at its next start, also after a kill -9', async () => {
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

    await asOperator(await npm.start(), page);
    await npm.kill();
    await asOperator(await npm.start(), page);
    expect(await npm.ctrlC()).toEqual({ code: 130, left: [] });
  }, 300_000);
});
