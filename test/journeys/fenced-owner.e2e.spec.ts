import { describe, expect, it } from '@jest/globals';
import { Connections, Handles } from '@pagebridge/contracts';
import { answersOk, call } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';

const journey = new Journey({
  // The long timeout lets a call from before the freeze still succeed when the owner resumes.
  env: { 'handle-sync': { SYNC_INTERVAL_SECONDS: '1', CALL_TIMEOUT_MS: '60000' } },
  // The resumed owner may log that it lost its partitions, or that its group was rebalanced.
  expectedErrors: /may have another owner|sync failed: internal error|rebalanc|heartbeat/i,
});

describe('an owner of a directory', () => {
  it('that is frozen and removed from its consumer group writes no earlier result after it resumes', async () => {
    const acme = journey.sourceOrg();
    const connectionId = await acme.connect(journey.globex);
    const { watch } = journey.driver;
    const isOurs = (it: { readonly connectionId: string }) => it.connectionId === connectionId;
    const { event: connected } = await watch.waitForEvent(Connections, 'the connection', isOurs);
    // The team may also be in a directory of another service account, used by other journeys.
    const { directory } = connected.data;
    const sandbox = journey.driver.sandbox(journey.globex);
    const teams = `${journey.globex.controlUrl}/teams`;
    const { id } = (await call<{ id: string }>('POST', teams, { handle: 'seen-first' })).body;
    const rename = (handle: string) => call('PATCH', `${teams}/${id}`, { handle });
    const written = () => watch.eventsOf(Handles, (it) => it.directory === directory && it.teamId === id);
    const isWritten = (handle: string) =>
      waitFor(
        `${handle} on its topic`,
        () => written().some(({ event }) => event.data.teamHandle === handle) || undefined,
      );
    await isWritten('seen-first');

    const list = { method: 'GET', path: '/api/v2/team' };
    // The sandbox keeps a limited number of requests.
    await call('DELETE', `${journey.globex.controlUrl}/requests`);
    // Long enough that the owner is frozen, and the team renamed, before the answer, also on a busy machine.
    await sandbox.switchOn({ match: list, times: 1, fault: { kind: 'latency', ms: 4_000 } });
    await waitFor('a list that is under way', async () => (await sandbox.faults())[0]?.hits || undefined);
    const listed = async () => (await sandbox.requests()).filter(({ path }) => path.startsWith(list.path)).length;
    const before = await listed();
    await journey.stack.signal('handle-sync', 'SIGSTOP');
    await rename('seen-by-the-frozen');
    await waitFor('its answer', async () => (await listed()) > before || undefined);
    await rename('seen-by-the-next');
    await journey.stack.startAnother('handle-sync');
    await isWritten('seen-by-the-next');
    await journey.stack.signal('handle-sync', 'SIGCONT');
    const url = `${journey.driver.info.management.handleSync}/health/ready`;
    await waitFor('the frozen one in its group again', async () => (await answersOk(url)) || undefined);
    await rename('seen-at-last');
    await isWritten('seen-at-last');

    const states = written().map(({ event }) => event.data);
    expect(states.map(({ teamHandle }) => teamHandle)).toEqual(['seen-first', 'seen-by-the-next', 'seen-at-last']);
    const epochs = states.map(({ ownerEpoch }) => ownerEpoch);
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
    expect(epochs[1]).toBeGreaterThan(epochs[0] ?? 0);
    await call('DELETE', `${teams}/${id}`);
  });
});
