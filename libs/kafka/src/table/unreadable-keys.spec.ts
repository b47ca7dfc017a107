import { expect, it } from '@jest/globals';
import { asRead } from '@pagebridge/testing';
import { maxUnreadableKeys, UnreadableKeys } from './unreadable-keys.ts';

const recordOf = (key: string, topic = 'a.v1') => asRead({ topic, key, value: '{', headers: {} });

it('counts a key once while its latest record cannot be read, by topic', () => {
  const keys = new UnreadableKeys();
  for (const key of ['a', 'b', 'a']) keys.add(recordOf(key));
  keys.add(recordOf('a', 'b.v1'));
  expect([keys.count('a.v1'), keys.count('b.v1'), keys.count('c.v1')]).toEqual([2, 1, 0]);
  keys.remove(recordOf('a'));
  keys.remove(recordOf('never unreadable'));
  expect([keys.count('a.v1'), keys.count('b.v1')]).toEqual([1, 1]);
});

it('remembers no more than its maximum of a topic, and then does not say that all are readable again', () => {
  const keys = new UnreadableKeys();
  for (let n = 0; n < maxUnreadableKeys + 5; n += 1) keys.add(recordOf(`key-${n}`));
  expect(keys.count('a.v1')).toBe(maxUnreadableKeys);
  for (let n = 0; n < maxUnreadableKeys; n += 1) keys.remove(recordOf(`key-${n}`));
  expect(keys.count('a.v1')).toBe(maxUnreadableKeys);
});
