import { describe, expect, it } from '@jest/globals';
import { missingFrom } from './prerequisites.ts';

const everything = { nodeVersion: 'v24.21.0', javaMajor: 17, has: () => true };
const nothing = { nodeVersion: 'v20.20.2', javaMajor: 0, has: () => false };
const all = { kafka: true, mariadb: true };

describe('prerequisites', () => {
  it('are met by a machine that has everything', () => {
    expect(missingFrom(everything, all)).toEqual([]);
  });

  it('are named all at once, each with how to get it', () => {
    const missing = missingFrom(nothing, all);
    expect(missing).toHaveLength(4);
    expect(missing.join('\n')).toMatch(
      /Node 22\.22[\s\S]*npm ci[\s\S]*Java 17[\s\S]*apt-get install[\s\S]*Maven[\s\S]*MariaDB/,
    );
  });

  it('ask for no Java and no Maven when a Kafka is given, and for no MariaDB when a database is', () => {
    expect(missingFrom({ ...nothing, nodeVersion: 'v24.0.0' }, { kafka: false, mariadb: false })).toEqual([]);
  });

  it('refuse an old Java by its number', () => {
    expect(missingFrom({ ...everything, javaMajor: 11 }, all)).toEqual([expect.stringContaining('found 11')]);
  });
});
