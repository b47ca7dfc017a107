import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { useProxy } from './proxy.ts';

const { env } = process;
const { https_proxy, HTTPS_PROXY } = env;
const setEnv = (its: Readonly<Record<string, string | undefined>>) => {
  for (const name of ['https_proxy', 'HTTPS_PROXY']) delete env[name];
  for (const [name, value] of Object.entries(its)) if (value !== undefined) env[name] = value;
};
beforeEach(() => setEnv({}));
afterAll(() => setEnv({ https_proxy, HTTPS_PROXY }));

describe('a proxy of the environment', () => {
  it.each([
    'proxy:3128',
    'proxy.example.com',
    'socks5://proxy:1080',
    'http://proxy:port',
    'http://proxy:3128/path',
    'http://user:s#cret@proxy:3128',
    'http://user:s%cret@proxy:3128',
    'https://',
    ' ',
  ])('is refused with the name of its variable and without its value: %p', (url) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      setEnv({ [name]: url });
      const message = `${name} must be http:// or https://, host and port of a proxy: http://proxy:3128`;
      expect(() => useProxy()).toThrow(new Error(message));
    }
  });

  it.each(['http://proxy:3128', 'https://proxy.example.com', 'http://user:p%40ss@10.0.0.1:8080/', 'http://[::1]:3128'])(
    'may be %s',
    (url) => {
      setEnv({ HTTPS_PROXY: url });
      expect(() => useProxy()).not.toThrow();
    },
  );

  it('is none if its variable is empty, or the lower-case one is, which takes precedence', () => {
    for (const its of [{ HTTPS_PROXY: '' }, { https_proxy: '', HTTPS_PROXY: 'nonsense' }]) {
      setEnv(its);
      expect(() => useProxy()).not.toThrow();
    }
  });
});
