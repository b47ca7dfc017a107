import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { databaseOf } from './database-config.ts';

const DATABASE_URL = 'mysql://a:b@db.example.com:3306/pagebridge';
const refused = (variables: object) => () => databaseOf({ DATABASE_URL, ...variables });

describe('the variables of the database', () => {
  it('configure a plain connection, or one that verifies the certificate for the host', () => {
    expect(databaseOf({ DATABASE_URL })).toEqual({ url: DATABASE_URL });
    expect(databaseOf({ DATABASE_URL, DATABASE_TLS: 'on' }).tls).toMatchObject({ verifyIdentity: true });
  });

  it('may contain the password separately from the URL, with any characters', () => {
    const apart = { DATABASE_URL: 'mysql://a@db.example.com/pagebridge', DATABASE_PASSWORD: 'p@ss:w/o%rd' };
    expect(decodeURIComponent(new URL(databaseOf(apart).url).password)).toBe('p@ss:w/o%rd');
    expect(refused({ DATABASE_PASSWORD: 'c' })).toThrow('has a password too');
    expect(refused({ ...apart, DATABASE_URL: 'mysql://db.example.com/pagebridge' })).toThrow('has no user');
  });

  it('name files whose login is read again for each connection; one that is being replaced keeps the previous login', () => {
    const folder = mkdtempSync(join(tmpdir(), 'database-config-'));
    const file = join(folder, 'secret');
    const urlFile = databaseOf({ DATABASE_URL, DATABASE_URL_FILE: file }).login;
    const apart = { DATABASE_URL: 'mysql://a@db.example.com/pagebridge', DATABASE_PASSWORD: 'b' };
    const passwordFile = databaseOf({ ...apart, DATABASE_PASSWORD_FILE: file }).login;
    expect([urlFile?.(), passwordFile?.()]).toEqual([undefined, undefined]);
    writeFileSync(file, 'mysql://c:%40d@db.example.com/pagebridge\n');
    expect(urlFile?.()).toEqual({ user: 'c', password: '@d' });
    writeFileSync(file, 'p@ss:w/o%rd\n');
    expect([urlFile?.(), passwordFile?.()]).toEqual([
      { user: 'c', password: '@d' },
      { user: 'a', password: 'p@ss:w/o%rd' },
    ]);
    rmSync(folder, { recursive: true });
    expect(passwordFile?.()).toEqual({ user: 'a', password: 'p@ss:w/o%rd' });
    expect(databaseOf(apart).login).toBeUndefined();
  });

  it('are refused by name if they would protect nothing', () => {
    const file = import.meta.filename;
    expect(refused({ DATABASE_TLS_CA_FILE: file })).toThrow('DATABASE_TLS_CA_FILE is set, but DATABASE_TLS is not on');
    const on = { DATABASE_TLS: 'on' };
    const address = DATABASE_URL.replace('db.example.com', '127.0.0.1');
    expect(refused({ ...on, DATABASE_URL: address })).toThrow('DATABASE_URL must have a host name, not an IP address');
    expect(refused({ ...on, DATABASE_TLS_CERT_FILE: file })).toThrow('DATABASE_TLS_KEY_FILE must be set together');
    expect(refused({ ...on, DATABASE_TLS_CA_FILE: file })).toThrow(
      'DATABASE_TLS_CA_FILE must hold certificates in PEM',
    );
    expect(refused({ ...on, DATABASE_TLS_CA_FILE: '/nowhere' })).toThrow(
      'DATABASE_TLS_CA_FILE names a file that cannot',
    );
  });
});
