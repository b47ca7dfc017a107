import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { serverSettings } from './infrastructure/kafka.ts';

interface Service {
  readonly image: string;
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: string };
}

const compose = parse(readFileSync(join(import.meta.dirname, 'compose.yaml'), 'utf8')) as {
  readonly services: Readonly<Record<'kafka' | 'mariadb', Service>>;
};
const { kafka, mariadb } = compose.services;

describe('compose.yaml', () => {
  it('gives Kafka every setting of the private broker', () => {
    const asVariables = Object.entries(serverSettings).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]);
    expect(kafka.environment).toMatchObject(Object.fromEntries(asVariables));
  });

  it('runs the Kafka release that pom.xml names', () => {
    const pom = readFileSync(join(import.meta.dirname, 'infrastructure/pom.xml'), 'utf8');
    const [, version] = /<kafka\.version>(.+)<\/kafka\.version>/.exec(pom) ?? [];
    expect(kafka.image).toBe(`apache/kafka:${version}`);
  });

  it('creates the same account as the private MariaDB', () => {
    expect(mariadb.environment).toMatchObject({
      MARIADB_DATABASE: 'pagebridge',
      MARIADB_USER: 'pagebridge',
      MARIADB_PASSWORD: 'pagebridge',
    });
  });

  it.each(Object.entries(compose.services))('publishes %s on loopback only, with a health check', (_name, it) => {
    expect(it.ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
    expect(it.healthcheck?.test).toBeTruthy();
  });
});
