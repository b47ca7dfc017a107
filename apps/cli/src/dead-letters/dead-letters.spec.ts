import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Alerts } from '@pagebridge/contracts';
import { type Letter, preview as previewOf, type ReplayRecord, type StoredRecord } from '@pagebridge/dead-letters';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { FakeBus } from '../../../../libs/dead-letters/src/fake-bus.fixtures.ts';
import {
  aCommandAt,
  aConnectionAt,
  aLedgerPage,
  anAlertAt,
  aStateAt,
  at,
  now,
  parked,
  parkedBatch,
  unreadable,
} from '../../../../libs/dead-letters/src/letters/letters.fixtures.ts';
import { program } from '../program.ts';
import { run as runProgram } from '../run.fixtures.ts';
import { deadLettersCommand } from './dead-letters.command.ts';

const deadTopic = deadLetterTopicOf(Alerts.card.topic);

// The letters are of this day.
const real = ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] as const;
beforeAll(() => void jest.useFakeTimers({ now, doNotFake: [...real] }));
afterAll(() => void jest.useRealTimers());

const letters = [
  parked(anAlertAt(at('12:00'), 0), 0, { failedAt: at('12:01') }),
  parked(anAlertAt(at('12:10'), 1), 1, { failedAt: at('12:11') }),
  parked({ ...anAlertAt(at('12:00'), 2, { alertKey: 'other' }), key: Buffer.from('evil\u001b[31m') }, 2, {
    failedAt: at('12:20'),
  }),
  unreadable(3),
];

const bare = (letters: readonly Letter[]): StoredRecord[] => letters.map(({ record }) => record);

interface World {
  readonly isTerminal?: boolean;
  readonly answer?: boolean;
  readonly bus?: FakeBus;
}

async function run(line: string, { isTerminal = false, answer, bus = new FakeBus(bare(letters)) }: World = {}) {
  const ask = answer === undefined ? undefined : async () => answer;
  const former = process.stdout.isTTY;
  process.stdout.isTTY = isTerminal;
  const env = { NO_COLOR: '1', ...(line.includes('--actor') ? {} : { PAGEBRIDGE_ACTOR: 'ada' }) };
  const { status, stdout, stderr } = await runProgram(
    ['dead-letters', ...line.split(' ').filter(Boolean), ...(/^(ls|show|replay)/.test(line) ? ['--kafka'] : [])],
    env,
    (its) =>
      program(its, [
        (end) =>
          deadLettersCommand(
            end,
            () => ({ bus, where: 'Kafka' }),
            () => ask,
          ),
      ]),
  ).finally(() => {
    process.stdout.isTTY = former;
  });
  return { code: status, data: stdout, said: stderr.trimEnd().split('\n'), sent: bus.sent };
}

describe('ls', () => {
  it('counts dead letters by topic and reason', async () => {
    const { data } = await run('ls --topic alerts');
    expect(data.split('\n')).toEqual([
      'paging.alerts.v1\thandler-failed\t3\t2026-01-31T12:01:00.000Z\t2026-01-31T12:20:00.000Z',
      'paging.alerts.v1\tnull-value\t1\t2026-01-31T13:00:00.000Z\t2026-01-31T13:00:00.000Z',
      '',
    ]);
  });

  it('prints a header and aligned columns on a terminal', async () => {
    const { data } = await run('ls --topic alerts', { isTerminal: true });
    expect(data.split('\n')[0]).toMatch(/^TOPIC +REASON +COUNT +OLDEST +NEWEST$/);
  });
});

describe('show', () => {
  it('shows one dead letter with its headers and its value', async () => {
    const { data, code } = await run('show --topic alerts --partition 0 --offset 0');
    expect(code).toBe(0);
    expect(data).toContain(`name: ${deadTopic}/0/0\n`);
    expect(data).toContain('x-dlq-detail: as the spec has it');
    expect(data).toContain('transition: triggered');
  });

  it('writes dead letters as JSON', async () => {
    const { data } = await run('show --topic alerts --partition 0 --offset 3 -o json');
    expect(JSON.parse(data)).toMatchObject([{ name: `${deadTopic}/0/3`, reason: 'null-value', value: null }]);
  });

  it('has a separate exit code if no dead letter is selected', async () => {
    expect(await run('show --topic alerts --record-key nobody/none')).toMatchObject({
      code: 3,
      said: ['No dead letter found.'],
    });
  });

  it('does not pad rows to the width of a key of a megabyte', async () => {
    const long = parked({ ...anAlertAt(at('12:00'), 4), key: Buffer.alloc(1_000_000, 'k') }, 4);
    const bus = new FakeBus(bare([...letters, long]));
    const { data } = await run('replay --topic alerts --dry-run', { bus, isTerminal: true });
    expect(data.length).toBeLessThan(1_010_000);
  });

  it('escapes control characters of a record on a terminal', async () => {
    const { data } = await run('show --topic alerts --partition 0 --offset 2', { isTerminal: true });
    expect(data).not.toContain('\u001b');
  });
});

describe('replay', () => {
  it('writes actor and letters to the audit before it sends anything', async () => {
    const bus = new FakeBus(bare(letters));
    const { sent } = await run('replay --topic alerts --yes --actor grace', { bus });
    expect(bus.audited).toEqual([
      {
        sentBefore: 0,
        data: {
          kind: 'entry',
          sourceOrg: '-',
          service: 'dead-letters',
          actor: 'urn:pagebridge#dead-letters',
          onBehalfOf: 'grace',
          action: 'dead-letters.replayed',
          target: 'paging.alerts.v1',
          after: {
            letters: sent.length,
            first: sent.map(({ headers }) => headers['x-replayed-from']),
            forceNewPage: false,
          },
          at: now.toISOString(),
        },
      },
    ]);
    await run('replay --topic alerts --dry-run', { bus });
    expect(bus.audited).toHaveLength(1);
  });

  it('sends nothing if the audit cannot be written', async () => {
    const bus = new FakeBus(bare(letters), { auditIsAway: true });
    const { code, said } = await run('replay --topic alerts --yes', { bus });
    expect({ code, said: said.at(-1) }).toEqual({ code: 1, said: 'error: the audit is away' });
    expect(bus.sent).toEqual([]);
  });

  it('sends nothing on a dry run, and prints the effect of each letter', async () => {
    const { data, sent, said } = await run('replay --topic alerts --dry-run');
    expect(sent).toEqual([]);
    expect(data.split('\n').map((row) => row.split('\t')[0])).toEqual([
      'collapsed',
      'replay',
      'replay',
      'unreadable',
      '',
    ]);
    expect(said.at(-1)).toContain('4 dead letters: 1 collapsed, 2 replay, 1 unreadable (2 routed). Nothing sent.');
  });

  it('sends the planned letters once the user confirms', async () => {
    const { sent, said } = await run('replay --topic alerts --rate 5', { answer: true });
    expect(sent.map(({ topic, key }) => `${topic} ${key}`)).toHaveLength(2);
    expect(said.at(-1)).toBe('2 of 2 sent');
    expect((await run('replay --topic alerts', { answer: false })).sent).toEqual([]);
  });

  it('refuses to send without a terminal for the confirmation', async () => {
    expect(await run('replay --topic alerts')).toMatchObject({ code: 2, data: '', sent: [] });
  });

  it('prints a summary as JSON', async () => {
    const { data } = await run('replay --topic alerts --since 6h --until 2026-01-31T12:15:00Z --yes -o json');
    expect(JSON.parse(data)).toMatchObject({ topic: 'paging.alerts.v1', counts: { collapsed: 1, replay: 1 }, sent: 1 });
  });
});

describe('a replay that Kafka refuses permanently', () => {
  it('is named, and blocks no other replay', async () => {
    const bus = new FakeBus(bare(letters), { refuses: `${deadTopic}/0/1` });
    const { sent, said, code } = await run('replay --topic alerts --yes', { bus });
    expect(code).toBe(1);
    expect(sent).toHaveLength(1);
    expect(said.at(-1)).toContain(`${deadTopic}/0/1 not sent: Kafka rejected it`);
  });
});

describe('the preview of page commands', () => {
  const pageId = 'pg_0123456789abcdef';
  const letter = parked(aCommandAt(at('12:00'), 1, { pageId }), 0);
  const backup = aLedgerPage({
    pageId: 'pg_backup_0123456789',
    connectionId: '00000000-0000-4000-8000-00000000000b',
    teamId: 'team-7',
    failoverOf: { pageId, connectionId: aLedgerPage().connectionId, teamId: 'team-42', teamHandle: 'core-infra' },
  });
  const ledger = aStateAt(0, { pages: [aLedgerPage({ pageId, status: 'undeliverable' }), backup] });
  const world = () => ({ bus: new FakeBus([letter.record, ledger, aConnectionAt(0)]) });

  it('names the page that a replay would join', async () => {
    const { data, said } = await run('replay --topic page-commands --dry-run', world());
    expect(data).toContain('joins pg_backup_0123456789, the open page of its backup: nobody is paged again');
    expect(said.at(-1)).toBe('1 dead letter: 1 replay (1 joined). Nothing sent.');
    const { data: json } = await run('replay --topic page-commands --dry-run -o json', world());
    expect(JSON.parse(json)).toMatchObject({
      becomes: { joined: 1 },
      letters: [{ verdict: 'replay', becomes: 'joined', joins: 'pg_backup_0123456789' }],
    });
  });

  it('has the effect of a new page with --force-new-page, which sets a header on the replay', async () => {
    const { said, sent } = await run('replay --topic page-commands --force-new-page --yes', world());
    expect(said.at(-2)).toBe('1 dead letter: 1 replay (1 page). Sending to Kafka.');
    expect(sent.map(({ headers }) => headers['x-force-new-page'])).toEqual(['true']);
    const { sent: without } = await run('replay --topic page-commands --yes', world());
    expect(without.map(({ headers }) => headers['x-force-new-page'])).toEqual([undefined]);
  });
});

describe('a batch that could not be decoded', () => {
  const inside = Array.from({ length: 6 }, (_, i) => anAlertAt(at('12:00'), 40 + i, { alertKey: `monitor-${i}` }));
  const records = [anAlertAt(at('12:00'), 39), ...inside.slice(0, 5), { ...(inside[5] as StoredRecord), value: null }];
  const batch = parkedBatch(inside, 7);
  const names = [40, 41, 42, 43, 44].map((offset) => `${deadTopic}/0/7#${offset}`);
  const busWith = (its: ConstructorParameters<typeof FakeBus>[1] = {}) =>
    new FakeBus([batch.record], { contents: { records }, ...its });
  const sentBy = (bus: FakeBus) => bus.sent.map(({ headers }) => headers['x-replayed-from']);

  it('stays closed without --max-batch-mib, and the preview names that option', async () => {
    const { data, said } = await run('replay --topic alerts --dry-run', { bus: busWith() });
    expect(data).toMatch(/^batch\t.*codec zstd, with offsets 40 to 45; open it with --max-batch-mib\n$/);
    expect(said.at(-1)).toBe('1 dead letter: 1 batch. Nothing sent.');
    expect((await run('show --topic alerts', { bus: busWith() })).data).toContain('a record batch of');
  });

  it('is replayed record by record, from the first unprocessed offset to the last, with the original bytes', async () => {
    const bus = busWith();
    const { said } = await run('replay --topic alerts --max-batch-mib 64 --yes', { bus });
    expect(sentBy(bus)).toEqual(names);
    expect(bus.sent.map(({ value, key }) => [key, value])).toEqual(
      inside.slice(0, 5).map(({ value, key }) => [key, value]),
    );
    expect(said[0]).toBe('6 dead letters: 5 replay, 1 unreadable (5 routed). Sending to Kafka.');
  });

  it('fails, and names each record that is not found again to be sent', async () => {
    const bus = busWith();
    const opened = bus.openBatch;
    let times = 0;
    bus.openBatch = async (...its) => {
      times += 1;
      const contents = await opened.apply(bus, its);
      return times === 1 ? contents : { records: contents.records.slice(0, 4) };
    };
    const { code, said, sent } = await run('replay --topic alerts --max-batch-mib 64 --yes', { bus });
    expect(code).toBe(1);
    expect(sent).toHaveLength(3);
    expect(said.slice(-2)).toEqual(names.slice(3).map((name) => `error: ${name} not sent: it was not found again`));
  });

  it('continues after an interruption, and sends no record twice', async () => {
    const bus = busWith({ dies: 3 });
    const line = 'replay --topic alerts --max-batch-mib 64 --rate 10 --yes';
    expect((await run(line, { bus })).said.at(-1)).toBe('error: Kafka is away');
    expect(sentBy(bus)).toEqual(names.slice(0, 3));
    const again = new FakeBus([batch.record, ...asStored(bus.sent)], { contents: { records } });
    expect((await run(line, { bus: again })).said[0]).toContain('3 replayed, 1 unreadable, 2 replay');
    expect(sentBy(again)).toEqual(names.slice(3));
    const third = new FakeBus([batch.record, ...asStored([...bus.sent, ...again.sent])], { contents: { records } });
    await run(line, { bus: third });
    expect(sentBy(third)).toEqual([]);
  });

  it('is replayed as far as it can be opened, and the offset of the rest is printed', async () => {
    const contents = { records: records.slice(0, 3), unread: { firstOffset: 42, detail: 'it is over 64 MiB' } };
    const { data } = await run('replay --topic alerts --max-batch-mib 64 --dry-run', { bus: busWith({ contents }) });
    const rows = data
      .trim()
      .split('\n')
      .map((row) => row.split('\t'));
    expect(rows.map(([what, name]) => `${what} ${name}`).toSorted()).toEqual([
      `batch ${deadTopic}/0/7`,
      `replay ${names[0]}`,
      `replay ${names[1]}`,
    ]);
    expect(data).toContain('cannot be opened from offset 42: it is over 64 MiB');
  });

  it('has records that --record-key selects', async () => {
    const bus = busWith();
    await run('replay --topic alerts --max-batch-mib 64 --record-key acme-us/monitor-3 --yes', { bus });
    expect(sentBy(bus)).toEqual([names[3]]);
  });

  const asStored = (sent: readonly ReplayRecord[]) =>
    sent.map((record, offset) => ({ ...record, partition: 0, offset: 100 + offset, timestamp: now.getTime() }));
});

describe('a dead letter with a forged partition', () => {
  it.each(['99999999', '999999999999999', '12'])('%s is sent by its key', async (partition) => {
    const { record } = parked(anAlertAt(at('12:00'), 57), 2, { headers: { 'x-dlq-partition': partition } });
    const { sent } = await run('replay --topic alerts --yes', { bus: new FakeBus([record]) });
    expect(sent).toHaveLength(1);
    expect(sent[0]).not.toHaveProperty('partition');
  });

  it('keeps a partition that its topic has', async () => {
    const { record } = parked(anAlertAt(at('12:00'), 57), 2, { headers: { 'x-dlq-partition': '11' } });
    const { sent } = await run('replay --topic alerts --yes', { bus: new FakeBus([record]) });
    expect(sent[0]?.partition).toBe(11);
  });
});

describe('a preview', () => {
  const preview = (records: readonly StoredRecord[], maxBatchBytes?: number) =>
    previewOf(
      new FakeBus(records),
      Alerts.card.topic,
      {},
      { forceNewPage: false, reopenAfterMs: 0, maxBatchBytes },
      now,
    );

  it('keeps the bytes of letters that can be sent, and of no others', async () => {
    const batch = parkedBatch([anAlertAt(at('12:00'), 40)], 4);
    const planned = await preview([...bare(letters), batch.record, unreadable(5, Buffer.alloc(1000)).record]);
    const kept = planned.filter(({ letter }) => 'record' in letter).map(({ letter }) => letter.name);
    expect(planned).toHaveLength(6);
    expect(kept).toEqual([0, 1, 2].map((offset) => `${deadTopic}/0/${offset}`));
  });
});

describe('a stub', () => {
  const headers = { 'x-dlq-stub': 'true', 'x-dlq-bytes': '9000000' };
  const stub = parked({ ...anAlertAt(at('12:00'), 57), partition: 3, value: null }, 2, {
    reason: 'too-large',
    headers,
  });
  const bus = () => new FakeBus([stub.record]);

  it('is not sent, and names the place of its original', async () => {
    const { data } = await run('replay --topic alerts --dry-run', { bus: bus() });
    expect(data).toMatch(/^stub\t/);
    expect(data).toContain('(9000000 bytes) is only at paging.alerts.v1/3/57');
  });

  it('is shown with the command that reads its original', async () => {
    const command = 'kcat -b $BROKERS -C -t paging.alerts.v1 -p 3 -o 57 -c 1';
    expect((await run('show --topic alerts', { bus: bus() })).data).toContain(command);
    expect(JSON.parse((await run('show --topic alerts -o json', { bus: bus() })).data)).toMatchObject([
      { original: command },
    ]);
  });

  it('is not recognized if the record was parked with its value, whatever its producer wrote', async () => {
    const { record } = parked(anAlertAt(at('12:00'), 57), 2, { headers });
    expect((await run('replay --topic alerts --dry-run', { bus: new FakeBus([record]) })).data).toMatch(/^replay\t/);
  });
});

describe('a record batch of which many records are refused', () => {
  const { record } = parkedBatch([anAlertAt(at('12:00'), 40), anAlertAt(at('12:00'), 2040)], 2);
  const headers = {
    ...record.headers,
    'x-dlq-reason': Buffer.from('null-value'),
    'x-dlq-letters': Buffer.from('1500'),
  };
  const bus = () => new FakeBus([{ ...record, headers }], { contents: { records: [anAlertAt(at('12:00'), 40)] } });

  it('is not replayed, as its other records were handled, and says how many are refused', async () => {
    const { data, sent } = await run('replay --topic alerts --max-batch-mib 64 --dry-run', { bus: bus() });
    expect(sent).toEqual([]);
    expect(data).toMatch(
      /^batch\t.*offsets 40 to 2040, of which 1500 were rejected: correct and publish them again\n$/,
    );
  });
});

describe('a command line', () => {
  it.each([
    ['list', "unknown command 'list' (Did you mean ls?)"],
    ['ls show', 'too many arguments'],
    ['replay', '--topic'],
    ['replay --topic sync-requests', '--topic'],
    ['ls --topic nothing', '--topic nothing'],
    ['show --offset 3', '--partition'],
    ['show --partition 1 --offset x', '--offset'],
    ['ls --since yesterday', '--since'],
    ['ls --colour', '--colour'],
    ['replay --topic alerts --yes --actor=', '--actor'],
    ['replay --topic alerts --yes --actor \u001b', '--actor'],
    ['replay --topic alerts --rate 0', '--rate'],
    ['replay --topic alerts --force-new-page', '--force-new-page'],
    ['replay --topic alerts --max-batch-mib 4096', '--max-batch-mib'],
  ])('that makes no sense is refused: %s', async (line, hint) => {
    const { code, data, said } = await run(line);
    expect({ code, data, error: said[0] }).toEqual({ code: 2, data: '', error: expect.stringContaining(hint) });
  });

  it('without a command prints those that there are', async () => {
    const { code, data, said } = await run('');
    expect({ code, data, said: said.join() }).toEqual({ code: 2, data: '', said: expect.stringContaining('replay') });
  });

  it.each(['paging.alerts.v1', 'paging.alerts.v1.dead', 'alerts'])('accepts the topic %s', async (topic) => {
    const { data } = await run(`replay --topic ${topic} --dry-run -o json`);
    expect(JSON.parse(data)).toMatchObject({ topic: 'paging.alerts.v1' });
  });
});

describe('the topic that a source org owns', () => {
  const topic = 'paging.org-alerts.v1.acme-us';
  const records = bare([
    parked({ ...anAlertAt(at('12:00'), 0), topic }, 0, { reason: 'foreign-source-org' }),
    parked({ ...anAlertAt(at('12:00'), 1, { alertKey: 'over' }), topic }, 1, { reason: 'too-old' }),
  ]);

  it.each([topic, `${topic}.dead`])('is listed, shown and replayed as --topic %s', async (named) => {
    // The alert recovered through the shared topic.
    const recovered = anAlertAt(at('12:05'), 7, { alertKey: 'over', transition: 'recovered' });
    const bus = new FakeBus([...records, recovered]);
    const { data } = await run(`ls --topic ${named}`, { bus });
    expect(data).toContain(`${topic}\tforeign-source-org\t1\t`);
    expect((await run(`show --topic ${named} --partition 0`, { bus })).data).toContain(`${topic}.dead/0/1`);
    const { sent } = await run(`replay --topic ${named} --yes`, { bus });
    expect(sent.map((record) => [record.topic, record.partition])).toEqual([[topic, 0]]);
  });

  it('is refused without the name of an org', async () => {
    const { code, said } = await run('ls --topic paging.org-alerts.v1.');
    expect({ code, said: said.join() }).toEqual({
      code: 2,
      said: expect.stringContaining('the alert topic of an org'),
    });
  });
});
