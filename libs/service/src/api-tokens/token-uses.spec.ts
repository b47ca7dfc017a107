import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccessTokenUses, type OutgoingRecord } from '@pagebridge/contracts';
import { FakeClock, settled } from '@pagebridge/testing';
import { TokenUses } from './token-uses.ts';

const token = { tokenId: '0199c1de-7a2b-7c3d-8e4f-5a6b7c8d9e0f', sourceOrg: 'acme-us' };
const other = { ...token, tokenId: '0199c1de-7a2b-7c3d-8e4f-000000000000' };
const quiet = () => undefined;

let clock: FakeClock;
let published: OutgoingRecord[];
let isAway: boolean;
let warned: string[];
let uses: TokenUses;
beforeEach(() => {
  [clock, published, isAway, warned] = [new FakeClock(), [], false, []];
  uses = new TokenUses({
    usedBy: 'handle-sync',
    publish: async (records) => {
      if (isAway) throw new Error('Kafka is away');
      published.push(...records);
    },
    clock,
    log: { debug: quiet, info: quiet, error: quiet, warn: (_fields, text) => void warned.push(text) },
  });
});
const told = () => published.map(({ key }) => key);

describe('the uses of API tokens', () => {
  it('are told once a minute for each token', async () => {
    for (let second = 0; second < 125; second += 5) {
      uses.note(token);
      await clock.advance(5000);
    }
    expect(told()).toEqual([token.tokenId, token.tokenId, token.tokenId]);
    uses.note(other);
    await settled();
    expect(told().at(-1)).toBe(other.tokenId);
  });

  it('are told as their contract says, by whom and when', async () => {
    uses.note(token);
    await settled();
    const [record] = published;
    const data = { ...token, usedAt: clock.now().toISOString(), usedBy: 'handle-sync' };
    expect(record && AccessTokenUses.decode(record)).toMatchObject({ ok: true, event: { data } });
  });

  it('cost their requests nothing where Kafka is away', async () => {
    isAway = true;
    uses.note(token);
    await settled();
    expect(warned).toEqual(['the use of an API token could not be told']);
    isAway = false;
    await clock.advance(60_000);
    uses.note(token);
    await settled();
    expect(told()).toEqual([token.tokenId]);
  });
});
