import { describe, expect, it } from '@jest/globals';
import { aConnection } from '@pagebridge/testing';
import { causeOf } from './connection-change.ts';

const connection = aConnection();
const rotated = { ...connection, credential: { ...connection.credential, revision: 2 } };
const disabled = { ...connection, enabled: false };

describe('a change of a connection', () => {
  it.each([
    ['its arrival', undefined, connection, 'new'],
    ['its deletion', connection, undefined, 'deleted'],
    ['a new credential', connection, rotated, 'changed'],
    ['another data center', connection, { ...connection, dataCenter: 'AP1' }, 'changed'],
    ['its enabling', disabled, connection, 'changed'],
  ])('asks for a sync when it is %s', (_what, before, after, cause) => {
    expect(causeOf(before, after)).toBe(cause);
  });

  it.each([
    ['a new name', connection, { ...connection, name: 'Other' }],
    ['its disabling', connection, disabled],
    ['a new credential while disabled', disabled, { ...rotated, enabled: false }],
  ])('asks for none when it is %s', (_what, before, after) => {
    expect(causeOf(before, after)).toBeUndefined();
  });
});
