import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { Ajv } from 'ajv';
import { examplesOf, folderOf, incoming } from '../generation/examples.ts';
import { cards, contractOf, type TopicCard, topicDefinitionsOf } from './index.ts';

const root = join(import.meta.dirname, '../../..');
/** The services, and the commands of the command line. */
const apps = ['apps', 'apps/cli/src'].flatMap((folder) => readdirSync(join(root, folder)));
const outside = ['alert producers', 'subscribers'];
const card = (folder: string): TopicCard => {
  const found = cards.find((each) => folderOf(each) === folder);
  if (!found) throw new Error(`no card in ${folder}`);
  return found;
};

describe.each(cards.map((each) => [each.topic, each] as const))('%s', (topic, each) => {
  const contract = contractOf(each);
  const fields = [...each.key.matchAll(/<(\w+)>/g)].map(([, field]) => String(field));

  it.each(examplesOf(each, 'good').map((example) => [example.name, example] as const))('reads %s', (_name, example) => {
    if (example.record.value === null) {
      expect(each.cleanup).toBe('compact');
    } else {
      expect(contract.decode(incoming(example.record))).toMatchObject({ ok: true, event: { type: each.eventType } });
    }
  });

  it.each(examplesOf(each, 'bad').map((example) => [example.name, example] as const))(
    'refuses %s',
    (_name, example) => {
      expect(contract.decode(incoming(example.record))).toEqual({ ok: false, ...example.expect });
    },
  );

  it('has a value that a valid JSON schema describes', () => {
    expect(new Ajv().validateSchema(each.value)).toBe(true);
  });

  it('has a key of fields that every event has, and its good examples use this key', () => {
    expect(fields.length).toBeGreaterThan(0);
    for (const { record } of examplesOf(each, 'good')) {
      if (record.value === null) continue;
      const value = record.value as { data?: Record<string, string> } & Record<string, string>;
      expect(record.key).toBe(each.key.replaceAll(/<(\w+)>/g, (_all, field) => (value.data ?? value)[field] as string));
    }
  });

  it('has a name by the convention, and its event type and dead letters match the name', () => {
    expect(topic).toMatch(/^paging\.[a-z]+(-[a-z]+)*\.v[1-9]\d*$/);
    expect(each.eventType).toMatch(/^com\.pagebridge\.[a-z]+(-[a-z]+)*\.v[1-9]\d*$/);
    expect(each.eventType.split('.').at(-1)).toBe(topic.split('.').at(-1));
    expect(deadLetterTopicOf(topic)).toBe(`${topic}.dead`);
  });

  it('names its producers and consumers, each an app or an external party', () => {
    expect(each.producers.length * each.consumers.length).toBeGreaterThan(0);
    for (const party of [...each.producers, ...each.consumers]) expect([...apps, ...outside]).toContain(party);
  });

  it('has dead letters exactly if a service consumes records of another party and does not read them as a table', () => {
    // page-history parks nothing: it keeps records that it cannot read as they are.
    const handling = apps.filter((app) => app !== 'page-history');
    const readsOthers = (party: string) => handling.includes(party) && each.producers.some((other) => other !== party);
    const isConsumed = each.cleanup === 'delete' && each.consumers.some(readsOthers);
    expect(each.deadLetter).toBe(isConsumed);
  });

  it('describes its meaning in one sentence', () => {
    expect(each.meaning).toMatch(/^[A-Z].*\.$/);
    expect(each.order).toMatch(/^per /);
  });
});

describe('the cards together', () => {
  it('have unique topics and event types, and one folder each', () => {
    for (const name of ['topic', 'eventType'] as const) {
      expect(new Set(cards.map((each) => each[name])).size).toBe(cards.length);
    }
    const folders = readdirSync(import.meta.dirname).filter((name) =>
      existsSync(join(import.meta.dirname, name, 'card.ts')),
    );
    expect(cards.map(folderOf).toSorted()).toEqual(folders.toSorted());
  });

  it('partition commands and the ledger alike, so that one process owns both for an alert', () => {
    const [commands, states] = [card('page-commands'), card('page-states')];
    expect(states.partitions).toBe(commands.partitions);
    expect(states.key).toBe(commands.key);
    expect(card('alerts').key).toBe(commands.key);
  });

  it('define each topic and its dead letters for the broker', () => {
    expect(topicDefinitionsOf(card('alerts'))).toEqual([
      {
        topic: 'paging.alerts.v1',
        partitions: 12,
        config: {
          'cleanup.policy': 'delete',
          'retention.ms': '604800000',
          'max.message.bytes': '8388608',
          'message.timestamp.type': 'LogAppendTime',
        },
      },
      {
        topic: 'paging.alerts.v1.dead',
        partitions: 12,
        config: {
          'cleanup.policy': 'delete',
          'retention.ms': '2592000000',
          'retention.bytes': '4294967296',
          'max.message.bytes': '8454144',
        },
      },
    ]);
    expect(topicDefinitionsOf(card('page-outcomes')).map((definition) => definition.topic)).toEqual([
      'paging.page-outcomes.v1',
    ]);
    expect(topicDefinitionsOf(card('handles'))[0]?.config).toEqual({
      'cleanup.policy': 'compact',
      'min.cleanable.dirty.ratio': '0.1',
      'segment.ms': '3600000',
    });
  });

  it('bound what was refused in bytes, so that a flood of it fills no disk', () => {
    expect(topicDefinitionsOf(card('refused-alerts'))[0]?.config).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': '2592000000',
      'retention.bytes': '4294967296',
    });
  });
});
