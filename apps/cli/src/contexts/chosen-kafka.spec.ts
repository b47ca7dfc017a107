import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSealingKey } from '@pagebridge/sealed-credentials';
import { run } from '../run.fixtures.ts';
import { chosenContext, chosenKafka } from './chosen-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'kafka-'));
const here = process.cwd();
const login = { KAFKA_SASL_USERNAME: 'of-env', KAFKA_SASL_PASSWORD: 'secret' };
const env = { PAGEBRIDGE_CONFIG: join(folder, 'contexts.yaml'), KAFKA_TLS: 'on', ...login };
const ofStack = { KAFKA_SASL_USERNAME: 'of-stack' };
const contexts = (current = '') =>
  writeFileSync(
    env.PAGEBRIDGE_CONFIG,
    `${current}\ncontexts: { prod: { brokers: "prod:1", url: "https://a.example" }, bare: { url: "https://b.example" } }`,
  );
const stack = (brokers: string) =>
  writeFileSync(
    '.local/stack.json',
    JSON.stringify({
      ...{ brokers, logins: { inspect: ofStack }, services: {} },
      access: { issuer: 'http://127.0.0.1:1', tokenEndpoint: 'http://127.0.0.1:1' },
    }),
  );

beforeAll(() => {
  process.chdir(folder);
  mkdirSync('.local');
});
beforeEach(() => {
  contexts();
  stack('127.0.0.1:9092');
});
afterAll(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true });
});

describe('the Kafka of a command', () => {
  it('is that of an explicit context, whatever else there is, or none', () => {
    const named = { ...env, KAFKA_BROKERS: 'other:1', PAGEBRIDGE_CONTEXT: 'prod' };
    expect(chosenKafka('inspect', undefined, named)).toMatchObject({ brokers: 'prod:1', login });
    expect(chosenKafka('inspect', 'given:1', named)).toMatchObject({ brokers: 'given:1', login });
    expect(() => chosenKafka('inspect', undefined, { ...named, PAGEBRIDGE_CONTEXT: 'bare' })).toThrow(
      'context bare has no brokers',
    );
    expect(chosenKafka('inspect', undefined, { ...named, PAGEBRIDGE_CONTEXT: 'stack' })).toMatchObject({
      ...{ brokers: '127.0.0.1:9092', login: ofStack },
    });
  });

  it('gets a login of the environment only where the command or the environment names it', () => {
    expect(chosenKafka('inspect', undefined, { ...env, KAFKA_BROKERS: 'b:1' })).toMatchObject({
      brokers: 'b:1',
      login,
    });
    expect(chosenKafka('inspect', undefined, env)).toMatchObject({ brokers: '127.0.0.1:9092', login: ofStack });
    expect(chosenKafka('others', undefined, env).login).toEqual({});
    contexts('current: prod');
    const { brokers, login: its } = chosenKafka('inspect', undefined, env);
    expect(brokers).toBe('prod:1');
    expect(its).toMatchObject({ KAFKA_TLS: 'on' });
    expect(its).not.toHaveProperty('KAFKA_SASL_PASSWORD');
    contexts('current: bare');
    expect(() => chosenKafka('inspect', undefined, env)).toThrow('context bare has no brokers');
  });

  it('is on this machine if a folder names it', () => {
    stack('127.0.0.1:9092,kafka.example:9092');
    expect(() => chosenKafka('inspect', undefined, env)).toThrow('kafka://kafka.example:9092 is not on this machine');
    rmSync('.local/stack.json');
    expect(() => chosenKafka('inspect', undefined, env)).toThrow('no Kafka brokers are configured');
  });

  it('is that of the variables, beside the services of the variables, for the context environment', () => {
    contexts('current: prod');
    const variables = { ...env, KAFKA_BROKERS: 'b:1', PAGEBRIDGE_CONTEXT: 'environment' };
    expect(chosenKafka('inspect', undefined, variables)).toMatchObject({ brokers: 'b:1', login });
    const { name, context } = chosenContext({ ...variables, HANDLE_SYNC_URL: 'http://127.0.0.1:1' });
    expect({ name, context }).toEqual({
      ...{ name: 'environment', context: { brokers: 'b:1', 'handle-sync': 'http://127.0.0.1:1' } },
    });
  });

  it.each(['prod', 'stack'])(
    'is not that of variables where services are those of %s, which is only in use',
    async (name) => {
      contexts(name === 'stack' ? '' : `current: ${name}`);
      const { publicKey, privateKey } = await generateSealingKey();
      const given = {
        ...{ PAGEBRIDGE_CONFIG: env.PAGEBRIDGE_CONFIG, KAFKA_BROKERS: '127.0.0.1:1' },
        CREDENTIALS_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey] }),
        CREDENTIALS_PUBLIC_KEY: JSON.stringify(publicKey),
      };
      for (const line of [['reseal'], ['smoke-test', '--sandbox-url', 'http://127.0.0.1:1']]) {
        expect(await run(line, given)).toEqual({
          ...{ status: 2, stdout: '' },
          stderr: expect.stringContaining(`may not belong to the current context ${name}`),
        });
      }
    },
  );
});
