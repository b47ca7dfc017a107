import { describe, expect, it } from '@jest/globals';
import { missingFrom } from './prerequisites.ts';

const everything = { nodeVersion: 'v24.21.0', javaMajor: 17, has: () => true };
const nothing = { nodeVersion: 'v20.20.2', javaMajor: 0, has: () => false };
const all = { kafka: true, mariadb: true };

describe('prerequisites', () => {
  it('are met by a complete machine', () => {
    expect(missingFrom(everything, all)).toEqual([]);
  });

  it('are all reported together, each with its cure', () => {
    const missing = missingFrom(nothing, all);
    expect(missing).toHaveLength(4);
    expect(missing.join('\n')).toMatch(
      /Node 22\.22[\s\S]*npm ci[\s\S]*Java 17[\s\S]*apt-get install[\s\S]*Maven[\s\S]*MariaDB/,
    );
  });

  it('do not include Java and Maven if a Kafka is given, nor MariaDB if a database is given', () => {
    expect(missingFrom({ ...nothing, nodeVersion: 'v24.0.0' }, { kafka: false, mariadb: false })).toEqual([]);
  });

  it('reject an old Java by its version', () => {
    expect(missingFrom({ ...everything, javaMajor: 11 }, all)).toEqual([expect.stringContaining('found 11')]);
  });
});
