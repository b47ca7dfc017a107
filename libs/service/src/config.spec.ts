import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { brokersOf, ConfigError, callersConfig, commonConfig, loadConfig, portConfig } from './config.ts';
import { dataCenterCatalogue } from './data-center-catalogue.ts';

const schema = Type.Object({
  ...commonConfig,
  ...callersConfig,
  PORT: portConfig(8083),
  GRACE_HOURS: Type.Number({ default: 24, minimum: 0, description: 'Hours.' }),
  PUBLIC_KEY: Type.String({ minLength: 3, description: 'The key.' }),
});
const good = { KAFKA_BROKERS: 'a:9092,b:9092', PUBLIC_KEY: 'abc' };

describe('loadConfig', () => {
  it('reads numbers, fills in defaults and splits brokers', () => {
    const config = loadConfig(schema, { ...good, PORT: '9000' });
    expect(config).toMatchObject({ PORT: 9000, GRACE_HOURS: 24, HOST: '127.0.0.1', LOG_LEVEL: 'info' });
    expect(brokersOf(config)).toEqual(['a:9092', 'b:9092']);
  });

  it('names every invalid variable at once, with its allowed values', () => {
    const load = () => loadConfig(schema, { PORT: 'http', LOG_LEVEL: 'loud', GRACE_HOURS: '-1', KAFKA_BROKERS: 'a' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/PUBLIC_KEY is not set \(The key\.\)/);
    expect(load).toThrow(/PORT must be integer/);
    expect(load).toThrow(/LOG_LEVEL must be .*: debug, info, warn, error/);
    expect(load).toThrow(/GRACE_HOURS must be >= 0/);
    expect(load).toThrow(/KAFKA_BROKERS must match pattern/);
  });

  it('treats an empty variable as unset', () => {
    expect(loadConfig(schema, { ...good, PORT: '' }).PORT).toBe(8083);
  });

  it('reads a value from the file that <NAME>_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'key');
    writeFileSync(file, 'from-file\n');
    expect(loadConfig(schema, { KAFKA_BROKERS: 'a:1', PUBLIC_KEY_FILE: file }).PUBLIC_KEY).toBe('from-file');
  });

  it('names the variable and the path of a file that cannot be read', () => {
    expect(() => loadConfig(schema, { ...good, PUBLIC_KEY_FILE: '/nowhere/key' })).toThrow(
      /PUBLIC_KEY_FILE names a file that cannot be read \(ENOENT\): \/nowhere\/key/,
    );
  });
});

describe('dataCenterCatalogue', () => {
  const local = {
    name: 'SANDBOX-EU1',
    site: 'localhost',
    location: 'here',
    apiUrl: 'http://127.0.0.1:1',
    pagingUrl: 'http://127.0.0.1:2',
  };

  it("holds Datadog's sites and those of the configuration", () => {
    const catalogue = dataCenterCatalogue({
      DATA_CENTERS: JSON.stringify([local, { ...local, name: 'X1', apiUrl: 'https://x:1' }]),
    });
    expect(catalogue.get('EU1')?.pagingUrl).toBe('https://beige.oncall.datadoghq.eu');
    expect(catalogue.get('SANDBOX-EU1')).toEqual(local);
  });

  it.each([
    ['text that is not JSON', 'x', /DATA_CENTERS is not JSON/],
    ['a URL with a path', JSON.stringify([{ ...local, apiUrl: 'http://a/b' }]), /DATA_CENTERS\/0\/apiUrl must match/],
    ['a URL with a user', JSON.stringify([{ ...local, apiUrl: 'http://u@a' }]), /DATA_CENTERS\/0\/apiUrl must match/],
    [
      'a host without https that is not loopback',
      JSON.stringify([{ ...local, pagingUrl: 'http://127.0.0.1.example.com' }]),
      /DATA_CENTERS\/0\/pagingUrl must match .*: an https origin, or http on a loopback address/,
    ],
    ['a name in lower case', JSON.stringify([{ ...local, name: 'eu1' }]), /DATA_CENTERS\/0\/name must match/],
  ])('refuses %s', (_what, json, message) => {
    expect(() => dataCenterCatalogue({ DATA_CENTERS: json })).toThrow(message);
  });
});
