import { expect, it } from '@jest/globals';
import { returnTarget } from './return-target.ts';

it.each(['/', '/o/acme-us/connections?status=failing&q=a/b', '/o/acme-us/alerts?alert=a%2Fb', '/signed-in', '/ä?q=ö'])(
  'a login leads back to %s',
  (target) => {
    expect(returnTarget(target)).toBe(target);
  },
);

it.each([
  ['another host', '//evil.example.com'],
  ['another host with a backslash', '/\\evil.example.com'],
  ['a backslash later', '/o\\..\\evil'],
  ['another host behind what browsers leave out', '/\t/evil.example.com'],
  ['a line break', '/o\r\nset-cookie: a=b'],
  ['a URL', 'https://evil.example.com'],
  ['a script', 'javascript:alert(1)'],
  ['a relative path', 'o/acme-us'],
  ['nothing', ''],
  ['no text', undefined],
  ['several', ['/a', '/b']],
  ['more than a cookie holds', `/${'a'.repeat(2000)}`],
])('a login that names %s leads back to /', (_what, target) => {
  expect(returnTarget(target)).toBe('/');
});
