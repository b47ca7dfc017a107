import { describe, expect, it } from '@jest/globals';
import { destinationOf, directoryOf, directoryPattern } from './directory.ts';

const connectionId = '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11';

describe('a directory', () => {
  it('is the same for all connections of a service account', () => {
    expect(directoryOf('EU1', 'org-globex', 'account-1', connectionId)).toBe('EU1/org-globex/account-1');
  });

  it.each([
    ['', 'account-1'],
    ['org-globex', ''],
    ['org/globex', 'account-1'],
    ['~', 'account-1'],
    ['org-globex', 'a'.repeat(129)],
  ])('belongs to one connection if the destination names org %j and account %j', (org, account) => {
    const directory = directoryOf('EU1', org, account, connectionId);
    expect(directory).toBe(`EU1/~/${connectionId}`);
    expect(directory).toMatch(new RegExp(directoryPattern));
  });

  it('belongs to a destination org, and shares its rate limits with other directories', () => {
    expect(destinationOf('EU1/org-globex/account-1')).toBe('EU1/org-globex');
    expect(destinationOf(`EU1/~/${connectionId}`)).toBe(`EU1/~/${connectionId}`);
  });
});
