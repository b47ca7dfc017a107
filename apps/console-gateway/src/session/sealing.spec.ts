import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { loadGatewayConfig } from '../config.ts';
import { variables } from '../console-gateway.fixtures.ts';
import { Sealing } from './sealing.ts';
import { nowSeconds } from './session.ts';

const sealingWith = (keys: string) => new Sealing(loadGatewayConfig({ ...variables, SESSION_KEYS: keys }));
const aKey = () => randomBytes(32).toString('base64url');
const later = () => Math.floor(nowSeconds()) + 60;

describe('a sealed text', () => {
  it('shows nothing of what is in it, and opens with its key', async () => {
    const sealing = sealingWith(aKey());
    const sealed = await sealing.seal('session', { at: 'a-token' }, later());
    expect(sealed).not.toContain(Buffer.from('a-token').toString('base64url').slice(0, 8));
    expect(await sealing.open('session', sealed)).toMatchObject({ at: 'a-token' });
  });

  it('still opens after a new key was put before its own, and no longer when its own is gone', async () => {
    const [former, next] = [aKey(), aKey()];
    const sealed = await sealingWith(former).seal('session', { at: 'a' }, later());
    const both = sealingWith(`${next}\n${former}`);
    expect(await both.open('session', sealed)).toMatchObject({ at: 'a' });
    expect(await sealingWith(next).open('session', await both.seal('session', { at: 'b' }, later()))).toBeDefined();
    expect(await sealingWith(next).open('session', sealed)).toBeUndefined();
  });

  it('opens at every replica while the key is replaced: the new one is added last, then moved first, then left alone', async () => {
    const [former, next] = [aKey(), aKey()];
    const steps = [former, `${former}\n${next}`, `${next}\n${former}`].map(sealingWith);
    // A rollout has replicas of two steps that follow each other.
    for (const [index, replica] of steps.slice(1).entries()) {
      const pair = [steps[index] as Sealing, replica];
      for (const sealing of pair) {
        const sealed = await sealing.seal('session', { at: 'a' }, later());
        for (const other of pair) expect(await other.open('session', sealed)).toMatchObject({ at: 'a' });
      }
    }
  });

  it.each<[string, (sealed: string) => string]>([
    ['was changed', (sealed) => sealed.replace(/.(?=.{9}$)/, (character) => (character === 'A' ? 'B' : 'A'))],
    ['was cut', (sealed) => sealed.slice(0, 100)],
    ['is something else', () => 'a.b.c'],
    ['is a signed token', () => 'eyJhbGciOiJub25lIn0.eyJhdCI6ImEifQ.'],
  ])('that %s does not open', async (_what, change) => {
    const sealing = sealingWith(aKey());
    expect(await sealing.open('session', change(await sealing.seal('session', { at: 'a' }, later())))).toBeUndefined();
  });

  it('does not open after its end, and not for another purpose', async () => {
    const sealing = sealingWith(aKey());
    const ended = await sealing.seal('session', { at: 'a' }, Math.floor(nowSeconds()) - 1);
    expect(await sealing.open('session', ended)).toBeUndefined();
    expect(await sealing.open('session', await sealing.seal('login', { at: 'a' }, later()))).toBeUndefined();
  });
});

describe('the keys', () => {
  const [one, two] = [randomBytes(32), randomBytes(32)];

  it.each([
    ['one', one.toString('base64url')],
    ['one in plain base64', one.toString('base64')],
    ['one a line', `${one.toString('base64url')}\n${two.toString('base64url')}`],
    ['a JSON list', JSON.stringify([one, two].map((key) => key.toString('base64url')))],
  ])('may be %s', (_form, text) => {
    expect(() => sealingWith(text)).not.toThrow();
  });

  it.each([
    ['a short one', randomBytes(16).toString('base64url')],
    ['an empty list', '[]'],
    ['broken JSON', `["${one.toString('base64url')}"`],
    ['numbers', '[1, 2]'],
  ])('are refused if there is %s, without being shown', (_what, text) => {
    const refuse = () => sealingWith(text);
    expect(refuse).toThrow('bad configuration: SESSION_KEYS: must be keys of 32 bytes');
    expect(refuse).not.toThrow(one.toString('base64url').slice(0, 8));
  });
});
