import { expect, it } from '@jest/globals';
import {
  type IntakeEpisode,
  IntakeEpisodes,
  Integrations,
  integrationKeyOf,
  type OutgoingRecord,
  orgAlertTopicOf,
  SourceOrgs,
} from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { anIntegration } from '@pagebridge/testing';
import { EpisodeTable } from './episodes/episode-table.ts';
import { Tables } from './tables.ts';

const attributes = { id: 'spec', source: '/spec', time: '2026-01-01T00:00:00Z' };
const consumed = (record: OutgoingRecord) => ({ ...record, key: Buffer.from(record.key) }) as unknown as ConsumedRecord;
const tablesOf = (most = 1000) => new Tables(new EpisodeTable(most));

it('keep the newer settings of an integration and of an org when older records of them arrive late', () => {
  const tables = tablesOf();
  const integration = (version: number, defaultHandle: string) => {
    const its = anIntegration({ version, defaultHandle });
    tables.handle(consumed(Integrations.encode(integrationKeyOf(its), attributes, its)));
  };
  const org = (version: number, alertTopic: 'own' | 'both') =>
    tables.handle(
      consumed(
        SourceOrgs.encode('acme-us', attributes, { sourceOrg: 'acme-us', localHandles: [], alertTopic, version }),
      ),
    );
  integration(2, 'new-team');
  integration(1, 'former-team');
  org(5, 'own');
  org(4, 'both');
  expect(tables.integration('acme-us', 'here')?.defaultHandle).toBe('new-team');
  expect(tables.alertTopicOf('acme-us')).toBe(orgAlertTopicOf('acme-us'));
});

it('remember no more alerts than they may, also while a start reads a topic with three times as many', () => {
  const tables = tablesOf(1000);
  const time = attributes.time;
  let most = 0;
  for (let i = 0; i < 3000; i += 1) {
    const its: IntakeEpisode = {
      sourceOrg: 'acme-us',
      alertKey: `here:${i}`,
      open: true,
      occurredAt: time,
      publishedAt: time,
      repeats: 0,
      digest: '0123456789abcdef',
    };
    tables.handle(consumed(IntakeEpisodes.encode(`acme-us/here:${i}`, attributes, its)));
    most = Math.max(most, tables.episodes.size);
  }
  expect(most).toBe(1000);
  expect(tables.episodes.takeForgotten(5000)).toHaveLength(2000);
});
