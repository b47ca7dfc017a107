import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccessTokenUses, type OutgoingRecord } from '@pagebridge/contracts';
import { FakeClock, settled } from '@pagebridge/testing';
import { TokenUses } from './token-uses.ts';

const token = { tokenId: '0199c1de-7a2b-7c3d-8e4f-5a6b7c8d9e0f', sourceOrg: 'acme-us' };
const other = { ...token, tokenId: '0199c1de-7a2b-7c3d-8e4f-000000000000' };
const quiet = () => undefined;

let clock: FakeClock;
let published: OutgoingRecord[];
let isDown: boolean;
let warned: string[];
let uses: TokenUses;
beforeEach(() => {
  [clock, published, isDown, warned] = [new FakeClock(), [], false, []];
  uses = new TokenUses({
    usedBy: 'handle-sync',
    publish: async (records) => {
      if (isDown) throw new Error('Kafka is down');
      published.push(...records);
    },
    clock,
    log: { debug: quiet, info: quiet, error: quiet, warn: (_fields, text) => void warned.push(text) },
  });
});
const publishedKeys = () => published.map(({ key }) => key);

describe('the uses of API tokens', () => {
  it('are published once a minute for each token', async () => {
    for (let second = 0; second < 125; second += 5) {
      uses.note(token);
      await clock.advance(5000);
    }
    expect(publishedKeys()).toEqual([token.tokenId, token.tokenId, token.tokenId]);
    uses.note(other);
    await settled();
    expect(publishedKeys().at(-1)).toBe(other.tokenId);
  });

  it('are published beside what was refused, whose text is cut, and how many alerts named no handle', async () => {
    uses.note(token);
    for (const refusal of ['x'.repeat(600), 'again']) uses.note(token, { refusal, withoutHandle: 0 });
    for (const withoutHandle of [3, 4]) uses.note(token, { refusal: undefined, withoutHandle });
    await settled();
    const said = published.map((record) => {
      const read = AccessTokenUses.decode(record);
      return read.ok && [read.event.data.refusal, read.event.data.withoutHandle];
    });
    const nothing = [undefined, undefined];
    expect(said).toEqual([nothing, ['x'.repeat(512), undefined], [undefined, 3]]);
  });

  it('are published with the service and the time, as their contract requires', async () => {
    uses.note(token);
    await settled();
    const [record] = published;
    const data = { ...token, usedAt: clock.now().toISOString(), usedBy: 'handle-sync' };
    expect(record && AccessTokenUses.decode(record)).toMatchObject({ ok: true, event: { data } });
  });

  it('do not fail their requests while Kafka is down', async () => {
    isDown = true;
    uses.note(token);
    await settled();
    expect(warned).toEqual(['API token use not published']);
    isDown = false;
    await clock.advance(60_000);
    uses.note(token);
    await settled();
    expect(publishedKeys()).toEqual([token.tokenId]);
  });
});
