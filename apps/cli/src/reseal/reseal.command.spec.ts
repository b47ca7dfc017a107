import { expect, it } from '@jest/globals';
import { run } from '../run.fixtures.ts';

it.each([
  [['all'], 'argument'],
  [['--rate', '0'], '--rate 0: not a whole number from 1 to 200'],
  [['--rate', '201'], '--rate 201: not a whole number from 1 to 200'],
  [['--org', 'Acme US'], 'hint: use 1 to 63 of a-z 0-9 -'],
  [['--org', ''], 'hint: use 1 to 63 of a-z 0-9 -'],
])('reseal refuses %j', async (line, complaint) => {
  expect(await run(['reseal', ...line])).toEqual({
    ...{ status: 2, stdout: '' },
    stderr: expect.stringContaining(complaint),
  });
});
