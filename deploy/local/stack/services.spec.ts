import { afterEach, expect, it } from '@jest/globals';
import { serviceSpec } from './services.ts';

const { env } = process;
const { HTTPS_PROXY, NO_PROXY } = env;
afterEach(() => {
  for (const [name, value] of Object.entries({ HTTPS_PROXY, NO_PROXY })) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
});

it('a service of npm start reaches a destination outside through the proxy of the developer', () => {
  Object.assign(env, { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'login.example.com' });
  const infrastructure = { brokers: 'a:1', databaseUrl: 'mysql://a/b' };
  const keys = { publicKey: 'public', privateKeys: 'private' };
  const spec = serviceSpec('page-delivery', { infrastructure, keys, dataCenters: [] }, { callers: 0, management: 0 });
  expect(spec.env).toMatchObject({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'login.example.com' });
});
