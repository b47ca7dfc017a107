import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Alerts, Audit, type OutgoingRecord } from '@pagebridge/contracts';
import { type ConsumedRecord, partitionFor, TableView } from '@pagebridge/kafka';
import { anAlertRecord, uniqueName, waitFor } from '@pagebridge/testing';
import { deadLetterHeaders, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { Bus, RunningHistory } from '../page-history.fixtures.ts';
import type { DeadLetterList } from './dead-letters.dto.ts';
import type { ReplayAnswer } from './replay/replays.dto.ts';

const { topic, partitions } = Alerts.card;
const bus = new Bus();
const history = new RunningHistory();
const [org, other] = [uniqueName('acme'), uniqueName('umbrella')];
const written: ConsumedRecord[] = [];
const view = new TableView(bus.settings, {
  topics: [topic, Audit.card.topic],
  onRecord: (record) => void written.push(record),
});

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const anAlert = (sourceOrg: string, alertKey: string, its = {}) =>
  anAlertRecord({ sourceOrg, alertKey, title: `Title of ${alertKey}`, occurredAt: minutesAgo(10), ...its });

/** Returns the record as page-routing parks it. */
function parked(record: OutgoingRecord, reason = 'handler-failed'): OutgoingRecord & { readonly partition: number } {
  const partition = partitionFor(record.key ?? '', partitions);
  const headers = {
    ...record.headers,
    [deadLetterHeaders.reason]: reason,
    [deadLetterHeaders.detail]: 'as the spec has it',
    [deadLetterHeaders.topic]: topic,
    [deadLetterHeaders.partition]: String(partition),
    [deadLetterHeaders.offset]: '1',
    [deadLetterHeaders.failedAt]: minutesAgo(1),
  };
  return { ...record, topic: deadLetterTopicOf(topic), partition, headers };
}

beforeAll(async () => {
  await Promise.all([bus.start(), history.database.create()]);
  await history.start({ DEAD_LETTER_REPLAY: 'on' });
  await view.start();
  const recovered = anAlert(org, 'recovered', { transition: 'recovered', occurredAt: minutesAgo(5) });
  await bus.write(
    recovered,
    ...['one', 'two', 'recovered'].map((key) => parked(anAlert(org, key))),
    parked(anAlert(org, 'late'), 'too-old'),
    parked(anAlert(other, 'theirs')),
    parked({ ...anAlert(org, 'broken'), value: Buffer.from('{"half') }, 'not-json'),
  );
  await history.caughtUp();
});
afterAll(async () => {
  await view.stop();
  await history.stop();
  await Promise.all([bus.stop(), history.database.drop()]);
});

const list = async (of = org, query = '') => (await history.get<DeadLetterList>(`${of}/dead-letters?${query}`)).body;
async function placesOf(of: string, ...keys: readonly string[]) {
  const { items } = await list(of);
  return keys.map((key) => {
    const { topic, partition, offset } = items.find(({ alertKey }) => alertKey === key) ?? {};
    return { topic, partition, offset };
  });
}
const replaysOf = (of: string) =>
  written.filter((it) => it.topic === topic && String(it.key).startsWith(of) && it.headers['x-replayed-from']);
const auditsOf = (of: string) => written.filter((it) => it.topic === Audit.card.topic && String(it.key) === of);

describe('the dead letters of a source org', () => {
  it('are listed with why, the cure, and the command that previews a replay', async () => {
    const { items, replay } = await list();
    const one = items.find(({ alertKey }) => alertKey === 'one');
    expect(replay).toBe(true);
    expect(one).toMatchObject({
      title: 'Title of one',
      reason: 'handler-failed',
      cure: 'Upgrade Pagebridge. Then replay the dead letter.',
    });
    expect(one?.command).toBe(
      `pagebridge dead-letters preview --org ${org} --topic ${topic} --partition ${one?.partition} --offset ${one?.offset}`,
    );
  });

  it.each([
    ['reason=too-old', ['late']],
    ['reason=rejected', []],
    [`topic=${topic}&reason=too-old`, ['late']],
    ['topic=paging.page-commands.v1', []],
  ])('are found by %s', async (query, keys) => {
    expect((await list(org, query)).items.map(({ alertKey }) => alertKey)).toEqual(keys);
  });

  it('are found by their place', async () => {
    const [late] = await placesOf(org, 'late');
    const { items } = await list(org, `partition=${late?.partition}&offset=${late?.offset}`);
    expect(items.map(({ alertKey }) => alertKey)).toEqual(['late']);
  });

  it('are not those that cannot be read, which operators see', async () => {
    expect((await list()).items.map(({ reason }) => reason)).not.toContain('not-json');
    const response = await fetch(`${history.url}/v1/dead-letters?reason=not-json`);
    const { items } = (await response.json()) as DeadLetterList;
    // Other specs on this Kafka leave some, too.
    const ours = items.filter(({ of, detail }) => of.topic === topic && detail === 'as the spec has it');
    expect(ours).toMatchObject([{ alertKey: null, title: '', reason: 'not-json' }]);
  });
});

describe('a preview', () => {
  it('says of each letter what a replay does now, and sends nothing', async () => {
    const letters = await placesOf(org, 'recovered', 'two');
    const { body } = await history.post<ReplayAnswer>(`${org}/dead-letters/preview`, { letters });
    expect(body.letters).toEqual([
      { ...letters[0], verdict: 'recovered', why: expect.stringMatching(/^the alert recovered at /) },
      { ...letters[1], verdict: 'replay', becomes: 'routed', why: 'routed again' },
    ]);
    expect([replaysOf(org), auditsOf(org)]).toEqual([[], []]);
  });
});

describe('a replay', () => {
  it('of letters of another org is refused, and sends none of them', async () => {
    const letters = [...(await placesOf(org, 'two')), ...(await placesOf(other, 'theirs'))];
    const { status, body } = await history.post<{ code: string }>(`${org}/dead-letters/replay`, { letters });
    expect([status, body.code]).toEqual([404, 'dead-letter-unknown']);
    expect([...replaysOf(org), ...replaysOf(other), ...auditsOf(org)]).toEqual([]);
  });

  it.each([
    ['of nothing', []],
    ['of more than 200', Array.from({ length: 201 }, (_, offset) => ({ topic: 't', partition: 0, offset }))],
    ['of a malformed place', [{ topic: 't', partition: '0', offset: -1 }]],
  ])('%s is refused', async (_what, letters) => {
    const { status, body } = await history.post<{ code: string }>(`${org}/dead-letters/replay`, { letters });
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });

  it('writes the audit, sends each letter once, and says so when it is asked again', async () => {
    const letters = await placesOf(org, 'one', 'recovered');
    const replay = () => history.post<ReplayAnswer>(`${org}/dead-letters/replay`, { letters });
    const { body } = await replay();
    expect(body.letters.map(({ verdict }) => verdict)).toEqual(['sent', 'recovered']);
    const again = await replay();
    expect(again.body.letters.map(({ verdict }) => verdict)).toEqual(['replayed', 'recovered']);

    await waitFor('the replay and its audit', () => replaysOf(org).length === 1 && auditsOf(org).length === 1);
    const [one] = letters;
    const name = `${one?.topic}/${one?.partition}/${one?.offset}`;
    expect(String(replaysOf(org)[0]?.headers['x-replayed-from'])).toBe(name);
    const audit = Audit.decode(auditsOf(org)[0] as ConsumedRecord);
    expect(audit).toMatchObject({
      ok: true,
      event: {
        data: {
          service: 'page-history',
          actor: 'urn:pagebridge#anonymous',
          action: 'dead-letters.replayed',
          target: topic,
          after: { letters: 1, first: [name] },
        },
      },
    });
  });
});

describe('with replays off', () => {
  it('the list says so, and a replay is refused with the command that does it', async () => {
    await history.stop();
    await history.start();
    const letters = await placesOf(org, 'two');
    const { status, body } = await history.post<{ code: string }>(`${org}/dead-letters/replay`, { letters });
    expect(body).toMatchObject({
      code: 'replay-off',
      errors: [{ cure: expect.stringContaining('preview --kafka --topic') }],
    });
    const { replay, items } = await list();
    expect([status, replay]).toEqual([409, false]);
    expect(items.map(({ command }) => command)).toEqual(
      items.map(() => expect.stringContaining('preview --kafka --topic')),
    );
  });
});
