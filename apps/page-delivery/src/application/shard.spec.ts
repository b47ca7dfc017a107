import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '@pagebridge/contracts';
import { aPage, aResolve, at, taken } from '../domain/commands.features.ts';
import { reported } from '../domain/report.ts';
import { aProcess, created } from './fakes.features.ts';
import { Shard } from './shard.ts';

const key = 'acme-us/monitor-1234:host:backend-7';

/** One process whose only alert has been paged, so that it is at rest. */
async function paged() {
  const process = aProcess();
  process.connect();
  process.own();
  const command = taken(aPage());
  await process.delivery.take(0, [command]);
  await process.destination.calls[0]?.answer(created());
  const shard = process.ledger.shard(0) as Shard;
  return { ...process, shard, command };
}

describe('an alert at rest', () => {
  it('is what it was', async () => {
    const { shard, log } = await paged();
    const [[, written] = []] = log.reading(0).states();
    expect(written?.pages).toMatchObject([{ status: 'delivered' }]);
    const told = { ...written, pages: written?.pages.map((page) => ({ ...page, unreported: [] })) };
    expect([...shard.all()]).toEqual([[key, told]]);
    expect(shard.get(key)).toEqual(told);
  });

  it('is kept as text, and made anew for whoever looks', async () => {
    const { shard } = await paged();
    const [[, once] = []] = shard.all();
    const [[, again] = []] = shard.all();
    expect(again).toEqual(once);
    expect(again).not.toBe(once);
  });

  it('is not written again for a command that it knows', async () => {
    const { delivery, shard, command } = await paged();
    await delivery.take(0, [command]);
    expect(shard.hasChanges).toBe(false);
  });

  it('is resolved when it recovers', async () => {
    const { delivery, destination, clock } = await paged();
    await delivery.take(0, [taken(aResolve())]);
    await clock.advance(1);
    expect(destination.calls.map(({ kind }) => kind)).toEqual(['create', 'resolve']);
  });

  it('is forgotten after its retention', async () => {
    const { delivery, shard, clock } = await paged();
    await clock.advance(8 * 24 * 60 * 60_000);
    delivery.sweep();
    await clock.advance(1);
    expect(shard.size).toBe(0);
  });
});

describe('rest', () => {
  const state: AlertState = {
    ...{ sourceOrg: 'acme-us', alertKey: 'monitor-1234:host:backend-7', generation: 1, pages: [] },
    ...{ lastEventAt: at('12:00').toISOString(), updatedAt: at('12:00').toISOString() },
  };

  it('leaves alone what the ledger does not hold yet', () => {
    const shard = new Shard(0, 1, 0);
    shard.set(key, state, []);
    shard.rest(key);
    expect(shard.get(key)).toBe(state);
  });

  it('leaves alone what is to be written', () => {
    const shard = new Shard(0, 1, 0);
    shard.restore(key, state);
    shard.touch(key);
    shard.rest(key);
    expect(shard.get(key)).toBe(state);
  });

  it('does not come before a change that was made while outcomes were being told', () => {
    const shard = new Shard(0, 1, 0);
    shard.restore(key, state);
    const { write } = shard.takeChanges();
    const later = { ...state, updatedAt: at('12:01').toISOString() };
    shard.set(key, later, []);
    shard.toldWith(write, key, (current) => reported(current, []), 0);
    expect(shard.get(key)).toBe(later);
  });
});
