import { afterAll, beforeAll, it } from '@jest/globals';
import { Connections } from '@pagebridge/contracts';
import { claimFolder, Processes } from '@pagebridge/local-stack';
import { uniqueName } from '@pagebridge/testing';
import { describeWith } from '../harness/describe-with.ts';
import { Journey } from '../harness/journey.ts';
import { RuleWatch } from '../harness/rule-watch.ts';
import { Tenant } from '../harness/tenant.ts';

/* Two of the faults of the nightly spec of this name, with times that are sixty times shorter than in production. */
const journey = new Journey({ expectedErrors: /unreadable table record skipped/ });

describeWith('prometheus')('in a real Prometheus', () => {
  const folder = claimFolder('journey-alert-rules');
  const processes = new Processes(folder);
  const watch = new RuleWatch(60, ['CredentialRefused', 'TableRecordsUnreadable']);
  let tenants: readonly [Tenant, Tenant];

  beforeAll(async () => {
    const connect = () => Tenant.connect(uniqueName('tenant'), journey.driver, journey.globex);
    [tenants] = await Promise.all([
      Promise.all([connect(), connect()]),
      watch.start({ processes, folder }, journey.driver.info),
    ]);
  });
  afterAll(() => processes.killAll());

  it('an alert for refused keys fires beside that of another tenant, and each ends when its keys are replaced', async () => {
    const [first, second] = tenants;
    const refused = ({ connectionId }: Tenant) => `CredentialRefused warning page-delivery ${connectionId}`;
    await watch.expectOnce(tenants.map(refused), {
      begin: async () => {
        await first.revokeKey();
        await watch.fires(refused(first));
        await second.revokeKey();
      },
      end: () => Promise.all(tenants.map((tenant) => tenant.replaceKey())),
    });
  });

  it('an alert for a connection that cannot be read ends when the connection is saved again', async () => {
    const [tenant] = tenants;
    const { topic } = Connections.card;
    const readers = [
      ...['page-delivery', 'page-routing'].map((service) => `critical ${service}`),
      ...['connection-management', 'handle-sync', 'page-history'].map((service) => `warning ${service}`),
    ];
    await watch.expectOnce(
      readers.map((reader) => `TableRecordsUnreadable ${reader} ${topic}`),
      {
        begin: () => tenant.writeUnreadable(),
        end: () => tenant.rename('Globex again'),
      },
    );
  });
});
