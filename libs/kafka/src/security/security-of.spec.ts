import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CertificateAuthority } from '@pagebridge/testing';
import type { KafkaLog } from '../settings.ts';
import { type SecurityVariables, securityOf } from './security-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'security-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const complaint = (variables: SecurityVariables): string => {
  try {
    securityOf(variables);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the security variables', () => {
  it('mean an unencrypted connection without a login if none is set', () => {
    expect(securityOf({ KAFKA_TLS: '', KAFKA_SASL_MECHANISM: '' })).toEqual({ tls: undefined, sasl: undefined });
  });

  it.each<[string, SecurityVariables, string]>([
    ['KAFKA_TLS with another value', { KAFKA_TLS: 'yes' }, 'KAFKA_TLS must be on or off'],
    ['a CA without TLS', { KAFKA_TLS_CA_FILE: '/ca.pem' }, 'KAFKA_TLS_CA_FILE is set, but KAFKA_TLS is not on'],
    [
      'a missing file',
      { KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: '/nowhere/ca.pem' },
      'KAFKA_TLS_CA_FILE names a file that cannot be read (ENOENT): /nowhere/ca.pem',
    ],
    [
      'a certificate without its key',
      { KAFKA_TLS: 'on', KAFKA_TLS_CERT_FILE: '/nowhere/cert.pem' },
      'KAFKA_TLS_KEY_FILE is not set, and KAFKA_TLS_CERT_FILE requires it; ' +
        'KAFKA_TLS_CERT_FILE names a file that cannot be read (ENOENT): /nowhere/cert.pem',
    ],
    [
      'an unknown mechanism',
      { KAFKA_SASL_MECHANISM: 'gssapi' },
      'KAFKA_SASL_MECHANISM must be one of plain, scram-sha-256, scram-sha-512, oauthbearer',
    ],
    [
      'a user without a login',
      { KAFKA_SASL_USERNAME: 'a' },
      'KAFKA_SASL_USERNAME is set, but KAFKA_SASL_MECHANISM is not set',
    ],
    [
      'a password without TLS',
      { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'a', KAFKA_SASL_PASSWORD: 'b' },
      'KAFKA_TLS is not on, and plain requires it: the password or token would be sent in clear text',
    ],
    [
      'a token without TLS',
      {
        KAFKA_SASL_MECHANISM: 'oauthbearer',
        KAFKA_SASL_OAUTH_TOKEN_ENDPOINT: 'https://login.example.com/token',
        KAFKA_SASL_OAUTH_CLIENT_ID: 'a',
        KAFKA_SASL_OAUTH_CLIENT_SECRET: 'b',
      },
      'KAFKA_TLS is not on, and oauthbearer requires it: the password or token would be sent in clear text',
    ],
    [
      'a login without a user',
      { KAFKA_TLS: 'on', KAFKA_SASL_MECHANISM: 'plain' },
      'KAFKA_SASL_USERNAME is not set, and plain requires it; KAFKA_SASL_PASSWORD is not set, and plain requires it',
    ],
    [
      'a token endpoint over http',
      {
        KAFKA_TLS: 'on',
        KAFKA_SASL_MECHANISM: 'oauthbearer',
        KAFKA_SASL_OAUTH_TOKEN_ENDPOINT: 'http://127.0.0.1.example.com/token',
        KAFKA_SASL_OAUTH_CLIENT_ID: 'a',
        KAFKA_SASL_OAUTH_CLIENT_SECRET: 'b',
      },
      'KAFKA_SASL_OAUTH_TOKEN_ENDPOINT must be an https URL, or http on a loopback address',
    ],
  ])('are rejected with the name of each wrong variable: %s', (_, variables, expected) => {
    expect(complaint(variables)).toBe(expected);
  });

  it('read a password from its file at each use, without the newline', () => {
    const path = file('password', 'first\n');
    const login = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'a' };
    const variables = { ...login, KAFKA_SASL_PASSWORD_FILE: path };
    const { sasl } = securityOf(variables);
    const password = () => (sasl && 'password' in sasl ? sasl.password() : undefined);
    expect(password()).toBe('first');
    file('password', 'second\n');
    expect(password()).toBe('second');
  });
});

describe('the TLS files', () => {
  let ca: CertificateAuthority;
  beforeAll(async () => {
    ca = await CertificateAuthority.create();
  });

  const filesOf = async (name: string, validTo?: Date) => {
    const { cert, key } = await ca.issue(validTo ? { name, validTo } : { name });
    return { KAFKA_TLS: 'on', KAFKA_TLS_CERT_FILE: file('cert.pem', cert), KAFKA_TLS_KEY_FILE: file('key.pem', key) };
  };

  it('are rejected, naming the variable, if they hold no certificate, an expired one, or the wrong key', async () => {
    const none = file('none.pem', 'no certificate');
    expect(complaint({ KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: none })).toBe(
      'KAFKA_TLS_CA_FILE must hold certificates in PEM',
    );
    const expired = await filesOf('client', new Date('2026-01-01T00:00:00Z'));
    expect(complaint(expired)).toBe('KAFKA_TLS_CERT_FILE: the certificate expired at 2026-01-01T00:00:00.000Z');
    const good = await filesOf('client');
    const other = file('other-key.pem', (await ca.issue({ name: 'other' })).key);
    expect(complaint({ ...good, KAFKA_TLS_KEY_FILE: other })).toMatch(
      /^KAFKA_TLS_KEY_FILE: the key does not match the certificate in KAFKA_TLS_CERT_FILE/,
    );
  });

  it('are read again for each connection; a mismatch is logged once, and the former files stay in use', async () => {
    const logged: string[] = [];
    const quiet = () => undefined;
    const error = (_: string, fields?: object) => void logged.push((fields as { error: string }).error);
    const log: KafkaLog = { debug: quiet, info: quiet, warn: quiet, error };
    const { cert, key } = await ca.issue({ name: 'server', hosts: ['127.0.0.1'] });
    const server = createServer({ cert, key, ca: ca.cert, requestCert: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const security = securityOf({ ...(await filesOf('first')), KAFKA_TLS_CA_FILE: file('ca.pem', ca.cert) });
    const nameSeenByServer = async (): Promise<unknown> => {
      const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
      const { port } = server.address() as AddressInfo;
      const socket = connect({ host: '127.0.0.1', port, ...security.tls?.(log) });
      const [peer] = await accepted;
      const name = peer.getPeerCertificate().subject.CN;
      socket.destroy();
      return name;
    };
    expect(await nameSeenByServer()).toBe('first');
    const second = await ca.issue({ name: 'second' });
    file('cert.pem', second.cert);
    expect([await nameSeenByServer(), await nameSeenByServer()]).toEqual(['first', 'first']);
    expect(logged).toEqual([expect.stringMatching(/^KAFKA_TLS_KEY_FILE: the key does not match/)]);
    file('key.pem', second.key);
    expect(await nameSeenByServer()).toBe('second');
    server.close();
  });

  it('are reported once when a file disappears, and again when it disappears a second time', async () => {
    const logged: string[] = [];
    const quiet = () => undefined;
    const error = (_: string, fields?: object) => void logged.push((fields as { error: string }).error);
    const log: KafkaLog = { debug: quiet, info: quiet, warn: quiet, error };
    const path = file('gone.pem', ca.cert);
    const { tls } = securityOf({ KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: path });
    const connectWithoutFile = () => {
      rmSync(path);
      for (let connections = 0; connections < 3; connections += 1) tls?.(log);
    };
    connectWithoutFile();
    const gone = `KAFKA_TLS_CA_FILE names a file that cannot be read (ENOENT): ${path}`;
    expect(logged).toEqual([gone]);
    file('gone.pem', ca.cert);
    tls?.(log);
    connectWithoutFile();
    expect(logged).toEqual([gone, gone]);
  });
});
