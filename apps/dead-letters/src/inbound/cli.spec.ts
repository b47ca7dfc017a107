import { describe, expect, it } from '@jest/globals';
import { Alerts, deadLetterTopicOf } from '@pagebridge/contracts';
import { DeadLetters } from '../application/dead-letters.ts';
import type { Bus } from '../application/ports.ts';
import type { StoredRecord } from '../domain/letter.ts';
import { anAlertAt, at, parked, unreadable } from '../domain/letters.features.ts';
import type { ReplayRecord } from '../domain/replay-record.ts';
import { argumentsOf } from './arguments.ts';
import { runCommand } from './cli.ts';
import { UsageError } from './exit-codes.ts';

const now = at('18:00');
const deadTopic = deadLetterTopicOf(Alerts.card.topic);

class FakeBus implements Bus {
  readonly sent: ReplayRecord[] = [];
  constructor(private readonly records: readonly StoredRecord[]) {}

  async read(topics: readonly string[], onRecord: (record: StoredRecord) => void): Promise<void> {
    const replays = this.sent.map((record, offset) => ({ ...record, partition: 0, offset, timestamp: now.getTime() }));
    for (const record of [...this.records, ...replays]) if (topics.includes(record.topic)) onRecord(record);
  }

  async publish(records: readonly ReplayRecord[]): Promise<void> {
    this.sent.push(...records);
  }
}

const letters = [
  parked(anAlertAt(at('12:00'), 0), 0, { failedAt: at('12:01') }),
  parked(anAlertAt(at('12:10'), 1), 1, { failedAt: at('12:11') }),
  parked({ ...anAlertAt(at('12:00'), 2, { alertKey: 'other' }), key: Buffer.from('evil\u001b[31m') }, 2, {
    failedAt: at('12:20'),
  }),
  unreadable(3),
];

async function run(line: string, { isTerminal = false, answer }: { isTerminal?: boolean; answer?: boolean } = {}) {
  const bus = new FakeBus(letters.map(({ record }) => record));
  const data: string[] = [];
  const said: string[] = [];
  const clock = { now: () => now, pause: async () => undefined };
  const given = argumentsOf(line.split(' '), now);
  if (!given) throw new Error('help');
  const code = await runCommand(given, new DeadLetters(bus, clock), {
    data: { write: (text) => void data.push(text), isTerminal, colors: false },
    say: (message) => void said.push(message),
    confirm: answer === undefined ? undefined : async () => answer,
  });
  return { code, data: data.join(''), said, sent: bus.sent };
}

describe('list', () => {
  it('counts dead letters by topic and reason', async () => {
    const { data } = await run('list --topic alerts');
    expect(data.split('\n')).toEqual([
      'paging.alerts.v1\thandler-failed\t3\t2026-01-31T12:01:00.000Z\t2026-01-31T12:20:00.000Z',
      'paging.alerts.v1\tnull-value\t1\t2026-01-31T13:00:00.000Z\t2026-01-31T13:00:00.000Z',
      '',
    ]);
  });

  it('has a head and columns on a terminal', async () => {
    const { data } = await run('list --topic alerts', { isTerminal: true });
    expect(data.split('\n')[0]).toMatch(/^TOPIC +REASON +COUNT +OLDEST +NEWEST$/);
  });
});

describe('show', () => {
  it('shows one dead letter with its headers and its value', async () => {
    const { data, code } = await run('show --topic alerts --partition 0 --offset 0');
    expect(code).toBe(0);
    expect(data).toContain(`${deadTopic}/0/0\n`);
    expect(data).toContain('x-dlq-detail: as the spec has it');
    expect(data).toContain('"transition": "triggered"');
  });

  it('writes the same as JSON', async () => {
    const { data } = await run('show --topic alerts --partition 0 --offset 3 --json');
    expect(JSON.parse(data)).toMatchObject([{ name: `${deadTopic}/0/3`, reason: 'null-value', value: null }]);
  });

  it('says with its exit code that there is none', async () => {
    expect(await run('show --topic alerts --key nobody/none')).toMatchObject({
      code: 3,
      said: ['no such dead letter'],
    });
  });

  it('lets no record command the terminal', async () => {
    const { data } = await run('show --topic alerts --partition 0 --offset 2', { isTerminal: true });
    expect(data).not.toContain('\u001b');
  });
});

describe('replay', () => {
  it('sends nothing on a dry run and says of each what would become of it', async () => {
    const { data, sent, said } = await run('replay --topic alerts --dry-run');
    expect(sent).toEqual([]);
    expect(data.split('\n').map((row) => row.split('\t')[0])).toEqual([
      'collapsed',
      'replay',
      'replay',
      'unreadable',
      '',
    ]);
    expect(said.at(-1)).toContain('4 dead letters: 1 collapsed, 2 replay, 1 unreadable; nothing sent');
  });

  it('sends what is planned once it may', async () => {
    const { sent, said } = await run('replay --topic alerts --rate 5', { answer: true });
    expect(sent.map(({ topic, key }) => `${topic} ${key}`)).toHaveLength(2);
    expect(said.at(-1)).toBe('2 of 2 sent');
    expect((await run('replay --topic alerts', { answer: false })).sent).toEqual([]);
  });

  it('refuses to send where nobody can be asked', async () => {
    await expect(run('replay --topic alerts')).rejects.toThrow(UsageError);
  });

  it('sums up as JSON', async () => {
    const { data } = await run('replay --topic alerts --since 6h --until 2026-01-31T12:15:00Z --yes --json');
    expect(JSON.parse(data)).toMatchObject({ topic: 'paging.alerts.v1', counts: { collapsed: 1, replay: 1 }, sent: 1 });
  });
});

describe('a command line', () => {
  it.each([
    ['', 'one command'],
    ['list show', 'one command'],
    ['replay', '--topic'],
    ['replay --topic sync-requests', '--topic'],
    ['list --topic nothing', '--topic nothing'],
    ['show --offset 3', '--partition'],
    ['show --partition 1 --offset x', '--offset'],
    ['list --since yesterday', '--since'],
    ['list --colour', '--colour'],
    ['replay --topic alerts --rate 0', '--rate'],
  ])('that cannot be meant is refused: %s', (line, hint) => {
    const given = () => argumentsOf(line.split(' ').filter(Boolean), now);
    expect(given).toThrow(UsageError);
    expect(given).toThrow(hint);
  });

  it('takes a topic by its full name, that of its dead letters, or in short', () => {
    for (const topic of ['paging.alerts.v1', 'paging.alerts.v1.dead', 'alerts']) {
      expect(argumentsOf(['replay', '--topic', topic], now)?.topics).toEqual(['paging.alerts.v1']);
    }
  });
});
