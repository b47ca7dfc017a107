import { afterEach, describe, expect, it } from '@jest/globals';
import { type Answered, FakeService } from '../http/fake-service.fixtures.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}
const topic = 'paging.page-commands.v1';
const listed = (offset: number, its = {}) => ({
  ...{ topic: `${topic}.dead`, partition: 0, offset, of: { topic, partition: 0, offset } },
  ...{ at: '2026-01-31T12:00:00.000Z', alertKey: `monitor-${offset}`, reason: 'rejected', detail: '', ...its },
});
const busy = { status: 503, body: { title: 'Another one runs', code: 'replay-busy', retryAfterMs: 1 } };

let service: FakeService;
afterEach(() => service.close());

/** page-history with these letters, of which the verdict is this; `refusals` come before the answers to a verb. */
function history(
  items: readonly ReturnType<typeof listed>[],
  verdictOf: (place: Place, verb: string) => object = (_place, verb) => ({
    ...{ verdict: verb === 'preview' ? 'replay' : 'sent', becomes: 'page', why: 'a new attempt to page the team' },
  }),
  refusals: Record<string, Answered[]> = {},
): FakeService {
  service = new FakeService(({ line, body }) => {
    if (line.startsWith('GET')) return { body: { items, next: null } };
    const verb = line.split('/').at(-1) ?? '';
    const refusal = refusals[verb]?.shift();
    if (refusal) return refusal;
    const { letters } = body as { readonly letters: readonly Place[] };
    return { body: { letters: letters.map((place) => ({ ...place, ...verdictOf(place, verb) })) } };
  });
  return service;
}
const deadLetters = (its: FakeService, line: string) => its.run('dead-letters', ...line.split(' '));
/** The places that were asked for, in each request. */
const askedFor = (verb: string) =>
  service.asked
    .filter(({ line }) => line.endsWith(`/${verb}`))
    .map(({ body }) => (body as { readonly letters: readonly Place[] }).letters.map(({ offset }) => offset));

describe('dead-letters ls', () => {
  it('counts those of the org, with the filters that page-history has', async () => {
    const its = history([listed(1), listed(2, { reason: 'too-old' }), listed(3)]);
    const { status, stdout } = await deadLetters(its, 'ls --topic page-commands --reason rejected --since 2026-01-31');
    expect({ status, stdout: stdout.split('\t').slice(0, 3) }).toEqual({ status: 0, stdout: [topic, 'rejected', '2'] });
    expect(service.asked[0]?.line).toBe(
      'GET /v1/source-orgs/acme-us/dead-letters?topic=paging.page-commands.v1&reason=rejected&from=2026-01-31T00%3A00%3A00.000Z&limit=100',
    );
  });
});

describe('dead-letters preview', () => {
  it.each(['preview', 'replay --dry-run'])('%s prints what a replay would do, and sends nothing', async (line) => {
    const its = history([listed(2), listed(1)], ({ offset }) =>
      offset === 1
        ? { verdict: 'recovered', why: 'the alert recovered' }
        : { verdict: 'replay', becomes: 'joined', why: 'joined' },
    );
    const { status, stdout, stderr } = await deadLetters(its, line);
    expect({ status, stdout: stdout.trimEnd().split('\n') }).toEqual({
      status: 0,
      stdout: [
        `recovered\t${topic}.dead/0/1\tacme-us/monitor-1\trejected\t2026-01-31T12:00:00.000Z\tthe alert recovered`,
        `replay\t${topic}.dead/0/2\tacme-us/monitor-2\trejected\t2026-01-31T12:00:00.000Z\tjoined`,
      ],
    });
    expect(stderr).toBe('2 dead letters: 1 recovered, 1 replay (1 joined). Nothing sent.\n');
    expect(askedFor('replay')).toEqual([]);
  });

  it.each([
    ['--record-key acme-us/monitor-2', [2]],
    ['--record-key acme-us/*', [1, 2, 3]],
    ['--reason too-old --reason bad-answer', [3]],
    ['--partition 0 --offset 1', [1]],
  ])('is of those that %s chooses', async (options, chosen) => {
    await deadLetters(history([listed(1), listed(2), listed(3, { reason: 'too-old' })]), `preview ${options}`);
    expect(askedFor('preview')).toEqual([chosen]);
  });
});

describe('dead-letters replay', () => {
  it('sends what the preview would send, as many at once as page-history takes, those of an alert together', async () => {
    const items = Array.from({ length: 301 }, (_, n) => listed(n, n === 300 ? { alertKey: 'monitor-0' } : {}));
    const its = history(items, ({ offset }, verb) =>
      offset === 7
        ? { verdict: 'recovered', why: 'over' }
        : { verdict: verb === 'preview' ? 'replay' : 'sent', why: '' },
    );
    const { status, stdout, stderr } = await deadLetters(its, 'replay --yes -o json');
    expect(JSON.parse(stdout)).toMatchObject({
      sourceOrg: 'acme-us',
      counts: { recovered: 1, replay: 300 },
      sent: 300,
    });
    expect(stderr).toMatch(
      /^301 dead letters: .*\. Sending to environment \(http:\S+\)\.\n200 of 300 sent\n300 of 300 sent\n$/,
    );
    expect(status).toBe(0);
    expect(askedFor('preview').map(({ length }) => length)).toEqual([200, 101]);
    expect(askedFor('replay').map(({ length }) => length)).toEqual([200, 100]);
    expect(askedFor('replay')[0]?.slice(0, 2)).toEqual([0, 300]);
    expect(askedFor('replay').flat()).not.toContain(7);
  });

  it('asks for all letters of an alert at once, and for none of an alert that has too many', async () => {
    const two = [199, 200].map((n) => listed(n, { alertKey: 'monitor-two' }));
    await deadLetters(history([...Array.from({ length: 199 }, (_, n) => listed(n)), ...two]), 'preview');
    expect(askedFor('preview').map(({ length }) => length)).toEqual([199, 2]);
    const keyless = Array.from({ length: 201 }, (_, n) => listed(n, { alertKey: null }));
    await deadLetters(history(keyless), 'preview');
    expect(askedFor('preview').map(({ length }) => length)).toEqual([200, 1]);
    const many = Array.from({ length: 201 }, (_, n) => listed(n, { alertKey: 'monitor-many' }));
    const { status, stderr } = await deadLetters(history(many), 'replay --yes');
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('acme-us/monitor-many has more') });
    expect(askedFor('preview')).toEqual([]);
  });

  it('names what Kafka refuses or has lost, and fails', async () => {
    const verdicts = ['sent', 'refused', 'lost', 'recovered'];
    const its = history(
      [0, 1, 2, 3].map((n) => listed(n)),
      ({ offset }, verb) => ({
        ...{ verdict: verb === 'preview' ? 'replay' : verdicts[offset], why: 'so it is' },
      }),
    );
    const { status, stderr } = await deadLetters(its, 'replay --yes');
    expect({ status, said: stderr.trimEnd().split('\n').slice(1) }).toEqual({
      status: 1,
      said: [
        '1 of 4 sent',
        `${topic}.dead/0/3 was not sent: so it is`,
        `error: ${topic}.dead/0/1 not sent: Kafka rejected it permanently: so it is`,
        `error: ${topic}.dead/0/2 not sent: it was not found again`,
      ],
    });
  });

  it('waits while page-history is busy with another, and gives up after some time', async () => {
    const { status, stderr } = await deadLetters(
      history([listed(1)], undefined, { preview: [busy, busy] }),
      'replay --yes',
    );
    expect({ status, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({ status: 0, last: '1 of 1 sent' });
    service.close();
    const always = history([listed(1)], undefined, { preview: Array(99).fill(busy) });
    expect(await deadLetters(always, 'replay --yes')).toMatchObject({ status: 5, stdout: '' });
    expect(askedFor('preview')).toHaveLength(13);
  });

  it('that is cut off says to run it again', async () => {
    const unfinished = { status: 503, body: { title: 'Some may have been sent', code: 'replay-unfinished' } };
    const its = history([listed(1)], undefined, { replay: [unfinished] });
    const { status, stderr } = await deadLetters(its, 'replay --yes');
    expect(status).toBe(5);
    expect(stderr).toContain('Stopped: 0 of 1 sent. Run the command again to send the rest.');
  });

  it('is refused with the command that does it where page-history sends nothing', async () => {
    const cure = 'pagebridge dead-letters preview --kafka --topic alerts';
    const body = {
      title: 'Not sent again here',
      code: 'replay-off',
      errors: [{ field: 'letters', message: 'no', cure }],
    };
    const its = history([listed(1)], undefined, { preview: [{ status: 409, body }] });
    expect(await deadLetters(its, 'replay --yes')).toMatchObject({ status: 1, stderr: expect.stringContaining(cure) });
  });

  it('sends nothing where nobody can be asked', async () => {
    const its = history([listed(1)]);
    expect(await deadLetters(its, 'replay')).toMatchObject({ status: 2, stderr: expect.stringContaining('--yes') });
    expect(service.asked).toEqual([]);
  });

  it('refuses to choose from a list without end', async () => {
    service = new FakeService(() => ({ body: { items: Array(5001).fill(listed(1)), next: '/v1/more' } }));
    expect(await deadLetters(service, 'preview')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--since'),
    });
  });
});

describe('what only Kafka has', () => {
  it.each([
    ['show', '--kafka'],
    ['replay --force-new-page --yes', '--force-new-page'],
    ['replay --actor ada --yes', '--actor'],
    ['preview --max-batch-mib 64', '--max-batch-mib'],
    ['ls --kafka --brokers 127.0.0.1:1 --org acme-us', '--record-key'],
  ])('%s is refused with a hint', async (line, hint) => {
    const { status, stderr } = await deadLetters(history([]), line);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(hint) });
    expect(service.asked).toEqual([]);
  });
});
