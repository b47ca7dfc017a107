import { describe, expect, it } from '@jest/globals';
import type { PageCommand, PageState } from '@pagebridge/contracts';
import { FakeClock } from '@pagebridge/testing';
import { after, aPage } from '../../../../libs/page-ledger/src/commands/commands.fixtures.ts';
import type { CommandRecord } from './kafka-commands.ts';
import { KafkaPageTexts } from './kafka-page-texts.ts';

const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const command = aPage({ title: 'Disk full', description: 'Disk full @oncall-core-infra', tags: ['env:prod'] });
const state = after(command);
const [page] = state.pages as [PageState];
const { title, description, tags } = command;
const text = { title, description, tags };
const titleOnly = { title, description: expect.stringContaining('no longer has the text'), tags: [] };

/** Texts over a topic whose reads return what the test says, or nothing until it is released. */
function running(commandOf: () => Promise<CommandRecord | undefined>) {
  const clock = new FakeClock();
  const topic = { unreadForMs: 0, reads: 0 };
  const commands = {
    unreadMs: () => topic.unreadForMs,
    commandOf: () => {
      topic.reads += 1;
      return commandOf();
    },
  };
  return { clock, topic, texts: new KafkaPageTexts(commands, clock, log) };
}

const found = async () => ({ event: { data: command } }) as CommandRecord;
const gone = async () => undefined;
const hanging = () => new Promise<undefined>(() => undefined);

describe('the text of a page', () => {
  it('is that of its command, from memory if it is there', async () => {
    const { texts } = running(found);
    expect(texts.kept(state, page)).toBeUndefined();
    expect(await texts.read(0, state, page)).toMatchObject(text);

    texts.keep(command);
    expect(texts.kept(state, page)).toMatchObject(text);
    expect(texts.kept(state, { ...page, pageId: 'backup', failoverOf: { ...page, slug: 'globex' } })).toMatchObject(
      text,
    );
    expect(texts.kept({ ...state, alertKey: 'another alert' }, page)).toBeUndefined();
    texts.forget(page);
    expect(texts.kept(state, page)).toBeUndefined();
  });

  it('is the title alone, and says so, if the command is not in its topic any more', async () => {
    const { texts } = running(gone);
    expect(await texts.read(0, state, page)).toEqual(titleOnly);
  });

  it('is awaited for a second, and read later if the topic cannot be read; after a minute the page goes out with its title', async () => {
    const { texts, topic, clock } = running(hanging);
    const read = texts.read(0, state, page);
    await clock.advance(1000);
    expect(await read).toBeUndefined();

    // Another page of the partition takes no slot for a second, and leaves no read behind.
    topic.unreadForMs = 1500;
    expect(await texts.read(0, state, page)).toBeUndefined();
    expect(topic.reads).toBe(1);
    topic.unreadForMs = 61_000;
    expect(await texts.read(0, state, page)).toEqual(titleOnly);
  });

  it('is read again later if the read fails', async () => {
    const { texts } = running(() => Promise.reject(new Error('no broker')));
    expect(await texts.read(0, state, page)).toBeUndefined();
  });
});

it('the texts in memory have a bound: the oldest go first', () => {
  const { texts } = running(gone);
  const large = (n: number): PageCommand => aPage({ pageId: `pg_${n}`, description: 'x'.repeat(8000) });
  for (let n = 0; n < 5000; n += 1) texts.keep(large(n));
  const kept = Array.from({ length: 5000 }, (_, n) => texts.kept(state, { ...page, pageId: `pg_${n}` }) !== undefined);
  const first = kept.indexOf(true);
  expect(kept.slice(first).every(Boolean)).toBe(true);
  expect((5000 - first) * 2 * 8000).toBeLessThanOrEqual(32 * 1024 * 1024);
  expect(first).toBeLessThan(3500);
});
