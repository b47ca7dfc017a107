import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Alerts, cards } from '../src/index.ts';
import { asyncApiOf } from './asyncapi.ts';

const text = asyncApiOf(cards);

describe('the AsyncAPI document', () => {
  it('is valid, including its examples', async () => {
    const diagnostics = await new Parser().validate(text);
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
  });

  it('has a channel for each topic and each dead-letter topic', () => {
    const channels = Object.values(parse(text).channels as Record<string, { address: string }>);
    const ofOrgs = 'paging.org-alerts.v1.{sourceOrg}';
    expect(channels.map((channel) => channel.address)).toEqual([
      ...cards.flatMap(({ topic, deadLetter }) => (deadLetter ? [topic, `${topic}.dead`] : [topic])),
      ofOrgs,
      `${ofOrgs}.dead`,
    ]);
  });

  it('has an operation for each party of each card', () => {
    const operations = Object.keys(parse(text).operations);
    expect(operations).toHaveLength(
      [...cards, Alerts.card].reduce((sum, card) => sum + card.producers.length + card.consumers.length, 0),
    );
    expect(operations).toContain('pageRoutingReceivesAlerts');
    expect(operations).toContain('alertProducersSendsAlerts');
    expect(operations).toContain('pageRoutingReceivesOrgAlerts');
  });
});
