import { describe, expect, it } from '@jest/globals';
import { Connections } from '@pagebridge/contracts';
import { anAlert, waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { type SourceOrg } from '../harness/source-org.ts';

interface Shown {
  readonly status: string;
  readonly items: readonly { readonly action: string; readonly before: { readonly deletion?: object } | null }[];
}

const journey = new Journey();
const orgUrl = (org: SourceOrg) => `${journey.driver.info.services.connectionManagement}/v1/source-orgs/${org.id}`;
const remove = (url: string) => journey.driver.call<Shown>('DELETE', url, undefined, { 'if-match': '*' });

async function openPages(org: SourceOrg): Promise<void> {
  const alert = await org.alert({ alertKey: 'cpu', message: 'CPU @oncall-core-infra @oncall-search' });
  for (const team of ['core-infra', 'search']) await org.pageIn(journey.globex, alert, team);
}
/** Returns page-routing's decision on the handle at present. */
async function decisionOn(org: SourceOrg): Promise<string | undefined> {
  const alert = anAlert({ sourceOrg: org.id, message: 'Disk @oncall-core-infra' });
  const explain = `${journey.driver.info.services.pageRouting}/v1/explain`;
  return (await journey.driver.call<{ decisions: { kind: string }[] }>('POST', explain, alert)).body.decisions[0]?.kind;
}
const statuses = async (org: SourceOrg) => (await org.pages(journey.globex)).map(({ status }) => status);

describe('a connection that is deleted', () => {
  it('is removed once its open pages are resolved, and pages nobody in the meantime', async () => {
    const [acme, other] = [journey.sourceOrg(), journey.sourceOrg()];
    const id = await acme.connect(journey.globex);
    await other.connect(journey.globex);
    await Promise.all([openPages(acme), openPages(other)]);
    const one = `${orgUrl(acme)}/connections/${id}`;
    expect(await remove(one)).toMatchObject({ status: 202, body: { status: 'deleting' } });
    await waitFor('routing to know', async () => (await decisionOn(acme)) === 'unrouted');
    const late = await acme.alert({ alertKey: 'late', message: 'Disk @oncall-core-infra' });
    await waitFor('it to be gone', async () => (await journey.driver.call('GET', one)).status === 404);
    expect(await statuses(acme)).toEqual(['resolved', 'resolved']);
    expect(await statuses(other)).toEqual(['triggered', 'triggered']);
    const audit = await journey.driver.call<Shown>('GET', `${orgUrl(acme)}/audit?limit=1`);
    expect(audit.body.items).toMatchObject([
      { action: 'connection.deleted', before: { deletion: { resolvedPages: 2, unresolvedPages: 0 } } },
    ]);
    const isTombstone = () =>
      journey.driver.watch
        .recordsOf(Connections.card.topic)
        .some(({ key, value }) => key?.toString() === id && value === null);
    await waitFor('the tombstone', isTombstone);
    await waitFor('the late alert to be unrouted', () => acme.unroutedOf(late.alertKey));
    expect(await statuses(acme)).toEqual(['resolved', 'resolved']);
  });
});
