import { describe, expect, it } from '@jest/globals';
import type { Clock } from '@pagebridge/vocabulary';
import type { Answer } from '../../domain/credentials/check.ts';
import type { Destination } from '../ports.ts';
import { gatherFacts as gather, propagationDelaysMs } from './gather-facts.ts';

const yes = { kind: 'answered', value: true } as const;
const refused = { kind: 'refused', detail: 'Forbidden' } as const;
const away = { kind: 'unavailable', cause: 'unreachable', detail: '503' } as const;
const keys = { apiKey: 'api-key-0001', applicationKey: 'ddapp_key-wxyz' };

const gatherFacts = (destination: Destination, its: typeof keys, clock: Pick<Clock, 'sleep'>) =>
  gather(destination, its, clock, () => undefined);

/** A destination that gives these answers and records the questions. */
function destination(differences: Partial<Record<keyof Destination, Answer<unknown>[]>> = {}) {
  const asked: string[] = [];
  const user = { id: 'account-1', serviceAccount: true, disabled: false, permissions: [], org: { id: 'o', name: 'O' } };
  const usual: Partial<Record<keyof Destination, Answer<unknown>>> = {
    user: { kind: 'answered', value: user },
    applicationKeys: { kind: 'answered', value: [] },
    teams: { kind: 'answered', value: ['t1', 't2', 't3', 't4'] },
  };
  const ask = (name: keyof Destination) => async () => {
    asked.push(name);
    const told = differences[name];
    return (told && told.length > 1 ? told.shift() : told?.[0]) ?? usual[name] ?? yes;
  };
  const names = [
    'acceptsApiKey',
    'acceptsKeyPair',
    'user',
    'applicationKeys',
    'readsUsers',
    'teams',
    'readsRoutingRules',
  ] as const;
  const it = Object.fromEntries(names.map((name) => [name, ask(name)])) as unknown as Destination;
  return { it, asked };
}

function clock() {
  const slept: number[] = [];
  const it: Pick<Clock, 'sleep'> = { sleep: async (ms) => void slept.push(ms) };
  return { it, slept };
}

describe('gatherFacts', () => {
  it('asks everything in order, and the routing rules of the first team that answers', async () => {
    const { it: asked, ...told } = destination();
    const facts = await gatherFacts(asked, keys, clock().it);
    expect(told.asked).toEqual([
      'acceptsApiKey',
      'acceptsKeyPair',
      'user',
      'applicationKeys',
      'readsUsers',
      'teams',
      'readsRoutingRules',
    ]);
    expect(facts).toMatchObject({
      applicationKeyKind: 'application-key',
      applicationKeyLast4: 'wxyz',
      routingRules: yes,
    });
  });

  it.each(['ddpat_token-0000', 'ddsat_token-0000'])('sends %s nowhere', async (applicationKey) => {
    const { it: it_, asked } = destination();
    const facts = await gatherFacts(it_, { ...keys, applicationKey }, clock().it);
    expect(asked).toEqual([]);
    expect(facts.applicationKeyKind).toMatch(/token$/);
  });

  it('retries a refused key a bounded number of times, and then stops', async () => {
    const { it: it_, asked } = destination({ acceptsApiKey: [refused] });
    const time = clock();
    const facts = await gatherFacts(it_, keys, time.it);
    expect(asked).toEqual(['acceptsApiKey', 'acceptsApiKey', 'acceptsApiKey']);
    expect(time.slept).toEqual(propagationDelaysMs);
    expect(facts).toMatchObject({ apiKey: refused, keyPair: { kind: 'not-asked' } });
  });

  it('continues when a new key becomes known meanwhile', async () => {
    const { it: it_, asked } = destination({ acceptsKeyPair: [refused, yes] });
    const facts = await gatherFacts(it_, keys, clock().it);
    expect(facts.keyPair).toEqual(yes);
    expect(asked).toContain('teams');
  });

  it('stops at once, without a retry, when the destination is away', async () => {
    const { it: it_, asked } = destination({ user: [away] });
    const time = clock();
    expect((await gatherFacts(it_, keys, time.it)).user).toEqual(away);
    expect(time.slept).toEqual([]);
    expect(asked).not.toContain('teams');
  });

  it('tries the routing rules of a few teams before the read counts as refused', async () => {
    const { it: it_, asked } = destination({ readsRoutingRules: [refused] });
    expect((await gatherFacts(it_, keys, clock().it)).routingRules).toEqual(refused);
    expect(asked.filter((name) => name === 'readsRoutingRules')).toHaveLength(3);
    const second = destination({ readsRoutingRules: [refused, yes] });
    expect((await gatherFacts(second.it, keys, clock().it)).routingRules).toEqual(yes);
  });

  it('reads no routing rules if there is no team', async () => {
    const { it: it_, asked } = destination({ teams: [{ kind: 'answered', value: [] }] });
    expect((await gatherFacts(it_, keys, clock().it)).routingRules).toEqual({ kind: 'not-asked' });
    expect(asked).not.toContain('readsRoutingRules');
  });
});
