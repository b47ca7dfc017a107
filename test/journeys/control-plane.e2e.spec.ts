import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Connection, Connections } from '@pagebridge/contracts';
import { generateSealingKey } from '@pagebridge/sealed-credentials';
import { type WaitOptions, waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { type SourceOrg } from '../harness/source-org.ts';

const journey = new Journey({
  // Logged by each service that gets a credential sealed for a key that it does not hold.
  expectedErrors: /private keys of sealed credentials missing/,
});

const urlOf = (acme: SourceOrg, id: string) =>
  `${journey.driver.info.services.connectionManagement}/v1/source-orgs/${acme.id}/connections/${id}`;
const published = (id: string, what: string, condition: (its: Connection) => boolean, options: WaitOptions = {}) =>
  journey.driver.watch.waitForEvent(Connections, what, (its) => its.connectionId === id && condition(its), options);

describe('connection-management', () => {
  it('that is killed with -9 just after a change publishes the change within half a minute', async () => {
    const { stack } = journey;
    const acme = journey.sourceOrg();
    const id = await acme.connect(journey.globex);
    await journey.driver.call('PATCH', urlOf(acme, id), { slug: 'renamed' }, { 'if-match': '*' });
    await stack.crash('connection-management');
    await stack.start('connection-management');
    await published(id, 'the renamed connection', ({ slug }) => slug === 'renamed', { withinMs: 30_000 });
  });

  it('that seals credentials for an unknown key stops no page: the former pair is used until the new one can be opened', async () => {
    const { stack } = journey;
    const acme = journey.sourceOrg();
    const id = await acme.connect(journey.globex);
    const { apiKey, applicationKey } = journey.globex;
    const rotate = async () => {
      const { status } = await journey.driver.call(
        'PUT',
        `${urlOf(acme, id)}/credentials`,
        { apiKey, applicationKey },
        { 'if-match': '*' },
      );
      expect(status).toBe(200);
    };
    const credentials = async () => {
      const { body } = await journey.driver.call<{ credentials: { revision: number; former: object | null } }>(
        'GET',
        urlOf(acme, id),
      );
      return body.credentials;
    };
    const sealFor = async (publicKey: string) => {
      writeFileSync(keyFile, publicKey);
      await stack.start('connection-management');
    };
    const keyFile = join(journey.folder, 'keys', 'public-key.json');
    const known = readFileSync(keyFile, 'utf8');

    try {
      await sealFor(JSON.stringify((await generateSealingKey()).publicKey));
      await rotate();
      await published(id, 'the pair that nobody can open', ({ credential }) => credential.revision === 2);
      const alert = await acme.alert({ alertKey: 'rotated', message: '@oncall-core-infra' });
      await acme.pageIn(journey.globex, alert, 'core-infra');
      expect(await credentials()).toMatchObject({ revision: 2, former: { revision: 1 } });
    } finally {
      await sealFor(known);
    }
    await rotate();
    // The check of the new pair may wait until the destination's rate limit allows it.
    await waitFor('the former pair to go', async () => (await credentials()).former === null);
    expect((await credentials()).revision).toBe(3);
  });
});
