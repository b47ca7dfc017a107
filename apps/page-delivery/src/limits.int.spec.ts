import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { creating, creatingFor, pagesOf } from './globex.fixtures.ts';
import { commandRecord } from './page-delivery.fixtures.ts';
import { metricOf, Stage, tagged, unwell } from './stage.fixtures.ts';

const stage = new Stage();

beforeAll(() => stage.open());
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.openDestination();
  await stage.openOrg();
});
afterEach(() => stage.closeDestination());

describe('a lost answer', () => {
  it('tags the page as a possible duplicate, whether the answer was cut off or never came', async () => {
    stage.globex.org.faults.replace([
      { match: creatingFor('team-2'), fault: { kind: 'reset-after-accept' } },
      { match: creatingFor('team-7'), fault: { kind: 'hang' } },
    ]);
    await stage.start({ CALL_TIMEOUT_MS: 1000 });
    const cutOff = stage.page({ alertKey: 'cut-off', teamId: 'team-2' });
    const hanging = stage.page({ alertKey: 'hanging', teamId: 'team-7' });
    await stage.bus.order(cutOff, hanging);
    await waitFor('both calls', () => stage.globex.org.faults.all().every(({ hits }) => hits > 0));
    stage.globex.org.faults.clear();
    const ends = await Promise.all([cutOff, hanging].map(({ pageId }) => stage.bus.end(pageId, 'delivered')));

    expect(ends.map(({ possibleDuplicate }) => possibleDuplicate)).toEqual([true, true]);
    const made = [cutOff, hanging].map(({ pageId }) => pagesOf(stage.globex, pageId).map(tagged));
    expect(made.map((tags) => tags.filter((isTagged) => !isTagged).length)).toEqual([1, 0]);
    expect(made.map((tags) => tags.at(-1))).toEqual([true, true]);
  });
});

describe('a page that is too old', () => {
  it('is given up if the destination does not accept it within the maximum age', async () => {
    stage.globex.strike(unwell, creating);
    await stage.start({ PAGE_MAX_AGE_MINUTES: 0.03 });
    const command = stage.page();
    await stage.bus.order(command);

    expect(await stage.bus.end(command.pageId, 'undeliverable')).toMatchObject({ reason: 'too-old' });
  });

  it('is given up without a call if its command waited in Kafka for the maximum age, and is sent when it is replayed', async () => {
    const command = stage.page({ occurredAt: '2026-01-31T12:00:00.000Z' });
    const record = commandRecord(command, '2026-01-31T12:00:01.000Z');
    await stage.bus.write(record);
    await stage.start();
    expect(await stage.bus.end(command.pageId, 'undeliverable')).toMatchObject({ reason: 'too-old', attempts: 0 });
    const [letter] = await waitFor('the dead letter', () => {
      const found = stage.bus.deadLetters(record.key);
      return found.length > 0 && found;
    });
    expect(String(letter?.headers['x-dlq-reason'])).toBe('too-old');
    expect(stage.pages).toEqual([]);

    const from = `${letter?.topic}/${letter?.partition}/${letter?.offset}`;
    await stage.bus.write({ ...record, headers: { ...record.headers, 'x-replayed-from': from } });
    await stage.bus.end(command.pageId, 'delivered');
  });
});

describe('two source orgs that share a destination', () => {
  it('share its rate limit in turns, so that an alert storm of one org hardly delays the other', async () => {
    stage.globex.org.rateLimits.paging.replace({ limit: 20, periodSeconds: 2, name: 'paging' });
    const calm = uniqueName('calm');
    const other = await stage.connect(calm);
    await stage.start();
    const storm = Array.from({ length: 60 }, (_, n) => stage.page({ alertKey: `storm-${n}` }));
    await stage.bus.order(...storm);
    await waitFor('the storm', () => stage.pages.length >= 20);
    const few = Array.from({ length: 4 }, (_, n) =>
      stage.page({ sourceOrg: calm, connectionId: other.connectionId, alertKey: `calm-${n}` }),
    );
    // One partition, so that the commands arrive in one batch.
    await stage.bus.write(...few.map((command) => ({ ...commandRecord(command), partition: 3 })));
    for (const { pageId } of [...storm, ...few]) await stage.bus.end(pageId, 'delivered');

    const calmIds = new Set(few.map(({ pageId }) => `page-id:${pageId}`));
    const places = stage.pages.flatMap(({ tags }, place) => (tags.some((tag) => calmIds.has(tag)) ? [place] : []));
    expect((places.at(-1) ?? 0) - (places[0] ?? 0)).toBeLessThanOrEqual(2 * few.length);
    expect(places.at(-1)).toBeLessThan(50);
    // The first calls are made before an answer has named the limit.
    expect(stage.globex.org.requests.counts()[`POST ${creating.path} 429`] ?? 0).toBeLessThanOrEqual(16);
    expect(stage.pages.filter(tagged)).toEqual([]);
  });
});

describe('beyond the memory of pages that may wait', () => {
  it('the new pages of an org that holds its share become dead letters at once, and those of others are delivered', async () => {
    const other = await stage.connect(uniqueName('calm'));
    stage.globex.strike(unwell, creatingFor('team-dead'));
    const instance = await stage.start({ WAITING_MIB: 0.002 });
    const dead = (name: string) => stage.page({ alertKey: name, teamId: 'team-dead', description: `text of ${name}` });
    const first = [dead('first-0'), dead('first-1')];
    await stage.bus.order(...first);
    await waitFor('two waiting pages', async () => (await metricOf(instance, 'pagebridge_waiting_pages')) === 2);
    const surplus = dead('surplus');
    const { connectionId, sourceOrg } = other;
    const calm = stage.page({ alertKey: 'calm', connectionId, sourceOrg });
    await stage.bus.order(surplus, calm);

    expect(await stage.bus.end(surplus.pageId, 'undeliverable')).toMatchObject({ reason: 'too-many-waiting' });
    await stage.bus.end(calm.pageId, 'delivered');
    const [letter] = await waitFor('the dead letter', () => {
      const letters = stage.bus.deadLetters(`${stage.org}/surplus`);
      return letters.length > 0 && letters;
    });
    expect(String(letter?.value)).toContain('text of surplus');

    stage.globex.org.faults.clear();
    for (const { pageId } of first) await stage.bus.end(pageId, 'delivered');
    const [page] = pagesOf(stage.globex, first[1]?.pageId ?? '');
    expect(page?.description).toBe('text of first-1');
  });
});
