import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { call, endLeftovers, Sandbox, type StackInfo } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { describeWith } from '../harness/describe-with.ts';
import { CheckoutCopy, NpmStart, TakenPorts } from '../harness/npm-start.ts';
import { type Block, blocksOf, guidesOfReadme, withOtherHosts } from './blocks.ts';
import { pasteFirstHour } from './first-hour.ts';
import { Shell } from './shell.ts';

/*
 * Pastes the README and the guides that it links, in its order, each into a new terminal beside one `npm start`; and again, on
 * what the first time left. The usual ports are taken.
 */
const checkout = new CheckoutCopy('guides');
const terminal = new NpmStart(checkout);
const taken = new TakenPorts();
const keys = join(checkout.path, '.local/start/keys');
let info: StackInfo;

async function start(): Promise<void> {
  info = await terminal.start({ ALERT_TOPIC_DRAIN_SECONDS: '5' });
  const { hostname, port, username, password, pathname } = new URL(info.databaseUrl);
  const client = ['[client]', `host=${hostname}`, `port=${port}`, `user=${username}`, `password=${password}`];
  const lines = [...client, '[mariadb-client]', `database=${pathname.slice(1)}`, ''];
  writeFileSync(join(checkout.path, '.my.cnf'), lines.join('\n'), { mode: 0o600 });
}

async function restart(): Promise<void> {
  await terminal.ctrlC();
  await start();
}

/** What the reader does in the first terminal before a block of a guide, by its number. */
const before: Readonly<Record<string, Readonly<Record<number, () => Promise<unknown>>>>> = {
  'docs/how-to/rebuild-kafka.md': { 0: () => terminal.ctrlC(), 1: start },
  'docs/runbooks/rotate-sealing-keys.md': { 2: restart, 3: restart, 5: restart },
};

/** Puts this stack in place of an installation, and statements into the client of an administrator. */
function here(block: Block): Block {
  const text = block.text
    .replaceAll('kafka-1:9092,kafka-2:9092,kafka-3:9092', info.brokers)
    .replaceAll('mysql://pagebridge:secret@mysql:3306/pagebridge', info.databaseUrl)
    .replaceAll('mysql:3306', new URL(info.databaseUrl).host)
    .replaceAll('--replication-factor 3', '--replication-factor 1');
  return { ...block, text: block.language === 'sql' ? `mariadb <<'SQL'\n${text}SQL\n` : text };
}

async function paste(guide: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const shell = new Shell(checkout.path, { HOME: checkout.path, ...env });
  try {
    for (const [number, block] of blocksOf(guide).entries()) {
      await before[guide]?.[number]?.();
      await shell.paste(here(block));
    }
  } finally {
    await shell.close();
  }
}

// A token that a new Kafka does not know is replaced at the next start.
const isKept = (file: string): boolean => file !== 'intake-token';
const keyFiles = () =>
  readdirSync(keys)
    .filter(isKept)
    .map((file) => readFileSync(join(keys, file), 'utf8'));

/** Waits until no page is open in any destination, and none of them refuses pages. */
async function expectAllAsBefore(): Promise<void> {
  for (const { controlUrl } of info.destinations) {
    const open = async () => (await new Sandbox(controlUrl).pages()).filter(({ status }) => status !== 'resolved');
    await waitFor('every page to be resolved', async () => (await open()).length === 0, { lastSeen: open });
    expect((await call('GET', `${controlUrl}/faults`)).body).toEqual([]);
  }
}

beforeAll(async () => {
  await taken.take();
  await start();
}, 600_000);
afterAll(async () => {
  await terminal.kill();
  taken.giveBack();
  endLeftovers();
});

const describeGuides = describeWith('curl', 'jq', 'kcat');

describeGuides.each(['once', 'again'])('pasted %s', (time) => {
  it('the first hour works as the README says', async () => {
    const shell = new Shell(checkout.path);
    const output = await pasteFirstHour(shell, { again: time === 'again' }).finally(() => shell.close());
    expect(output).toContain(time === 'again' ? '"status": 409' : '"status": "active"');
    await expectAllAsBefore();
  }, 600_000);

  it.each(guidesOfReadme())(
    '%s prints what it says, and leaves no page open and no key lost',
    async (guide) => {
      const kept = keyFiles();
      await paste(guide);
      expect(keyFiles()).toEqual(expect.arrayContaining(kept));
      await expectAllAsBefore();
    },
    600_000,
  );
});

describeGuides('with this stack in place of an installation', () => {
  it.each(withOtherHosts)('%s works', (guide) => paste(guide, { DATABASE_URL: info.databaseUrl }), 600_000);

  it('docs/how-to/run-the-services.md makes the keys once, and overwrites none when it is pasted again', async () => {
    const [making] = blocksOf('docs/how-to/run-the-services.md', '2. Sealing keys');
    const read = () => readFileSync(join(checkout.path, '.local/keys/private-keys.json'), 'utf8');
    const made = read();
    const shell = new Shell(checkout.path);
    await expect(shell.paste(making as Block)).rejects.toThrow('cannot overwrite existing file');
    expect(read()).toBe(made);
  });
});
