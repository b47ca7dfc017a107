import { afterAll, expect, it } from '@jest/globals';
import { FakeService } from '../http/fake-service.fixtures.ts';

const me = {
  ...{ issuer: 'https://login.example', subject: 'ada' },
  grants: [{ sourceOrg: 'acme-us', permissions: ['connections:read'] }],
};
const service = new FakeService(() => ({ body: me }));
afterAll(() => service.close());

it('whoami gives programs the subject and the issuer too', async () => {
  expect(JSON.parse((await service.run('whoami', '-o', 'json')).stdout)).toEqual(me);
  expect((await service.run('whoami', '-o', 'name')).stdout).toBe('ada\n');
  expect(await service.run('whoami')).toEqual({
    ...{ status: 0, stdout: 'acme-us\tconnections:read\n', stderr: 'ada of https://login.example\n' },
  });
});
